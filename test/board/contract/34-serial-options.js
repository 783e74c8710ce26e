function t(s) {
  try {
    print(s, eval(s));
  } catch (e) {
    print(s, "threw", e.type, e.message);
  }
}
[
  "Serial1.unsetup()",
  "Serial1.setup(115200)",
  "Serial1.write('a')",
  "Serial1.setup(115200,{rx:D4,tx:D5})",
  "Serial1.setup(115200,{path:'nowhere'})",
  "Serial1.write('b')",
  "Serial1.setup(9600)",
  "Serial1.setup()",
  "Serial1.unsetup()",
  "Serial1.setup(9600)",
  "Serial1.setup(12345,{path:'nowhere'})",
  "Serial1.setup(0,{path:'nowhere'})",
  "Serial1.setup('x',{path:'nowhere'})",
  "Serial1.setup(20000000,{path:'nowhere'})",
  "Serial1.setup({baud:9600,path:'nowhere'})",
  "Serial1.setup(115200,{bogus:1,path:'nowhere'})",
  "Serial1.setup(115200,{path:'nowhere',errors:true})",
  "Serial1.setup(115200,{path:'nowhere',bytesize:7,stopbits:2,parity:'even',flow:'xon'})",
  "Serial1.setup(115200,{path:'nowhere',parity:3})",
  "Serial1.setup(115200,{path:'nowhere',flow:'hardware'})",
  "Serial1.setup(9600,'x')",
  "Serial1.setup(9600,null)",
  "Serial1.setup(9600,{path:undefined})",
].forEach(t);
print("#END");

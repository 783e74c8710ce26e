/** The compression that the interpreter brings, as the package `espruino` has it for a computer. */
declare module "espruino/libs/heatshrink.js" {
  const heatshrink: {
    compress(bytes: Uint8Array): Uint8Array;
    decompress(bytes: Uint8Array): Uint8Array;
  };
  export default heatshrink;
}

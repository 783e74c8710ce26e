/**
 * Scripts with the interpreter's tokens: written by the build, read as JavaScript, printed as the
 * interpreter does.
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { pretokenise } from "../../host/build/script/pretokenise.ts";
import { plainCode } from "../../host/tokens/plain.ts";
import { printed } from "../../host/tokens/printed.ts";

/** The script, with tokens as `<if>`. */
function shown(code: string): string {
  return [...code].map((ch) => (ch < "\x80" ? ch : `<${printed(ch)}>`)).join("");
}

/** Each script, and what the build makes of it. */
const scripts: [string, string][] = [
  ["if(a)b();else c()", "<if>(a)b();<else>c()"],
  ["function f(a){return a}", "<function>f(a){<return>a}"],
  ["var a=b===1&&c!=2;a+=1", "<var>a=b<===>1<&&>c<!=>2;a<+=>1"],
  ["return_(a,returned,$return)", "return_(a,returned,$return)"],
  ['print("if (a) return","=>",/new+/)', 'print("if (a) return","=>",/new+/)'],
  ["p.catch(a).delete(b).in", "p.catch(a).delete(b).in"],
  ["a={new:1,in(){return 1},get of(){return 2}}", "a={new:1,in(){<return>1},get of(){<return>2}}"],
  ["try{a()}catch(e){throw e}finally{b()}", "<try>{a()}catch(e){<throw>e}<finally>{b()}"],
  ["a=!0;b=!1;c=void 0;d=!2;e=void a()", "a=<true>;b=<false>;c=<undefined>;d=!2;e=<void>a()"],
  ['for(var a in b)if("x"in b)delete b[a]', '<for>(<var>a<in>b)<if>("x"<in>b)<delete>b[a]'],
  ["a=b- -c+ ++d- --e", "a=b- -c+<++>d-<-->e"],
  ["a=b<! --c", "a=b<!<-->c"],
  ["a=typeof b/2;c=/=>/.test(d)", "a=<typeof>b/2;c=/=>/.test(d)"],
  ["new A(b?this:null)", "<new>A(b?<this>:<null>)"],
];

for (const [script, expected] of scripts) {
  test(`tokens of ${script}`, () => {
    const { code } = pretokenise(script);
    assert.equal(shown(code), expected);
    // Other blanks or words for the same: tokens again, they are the same.
    assert.equal(pretokenise(plainCode(code).text).code, code);
  });
}

test("places in the code and in its JavaScript lead to one another", () => {
  for (const [script] of scripts) {
    const { code } = pretokenise(script);
    const plain = plainCode(code);
    for (let at = 0; at <= code.length; at++) {
      assert.equal(plain.inCode(plain.inText(at)), at, `${script} at ${at}`);
      const here = code.charAt(at);
      if (here < "\x80") assert.equal(plain.text.charAt(plain.inText(at)), here);
    }
    assert.equal(plain.inText(code.length), plain.text.length);
  }
  const { text, inCode } = plainCode("\xab$a+\xab b");
  assert.equal(text, "return $a+return b");
  // Within a word and in the blank behind it.
  assert.deepEqual([3, 6, 7].map(inCode), [0, 1, 1]);
});

test("bytes in texts, patterns and comments are no tokens", () => {
  for (const literal of ['"\xab"', "'\\'\xab'", "`\xab`", "/\\/\xab/", "//\xab", "/*\xab*/"]) {
    assert.equal(plainCode(`a=${literal}\n\xab`).text, `a=${literal}\nreturn`);
  }
  assert.equal(plainCode('a=b/c;d="\xab"/\xaf').text, 'a=b/c;d="\xab"/this');
  assert.equal(plainCode("\xb4/a/2;\xab/\xab/").text, "true/a/2;return/\xab/");
  assert.equal(plainCode('a="\xab').text, 'a="\xab');
  // Without tokens nothing changes, whatever the texts hold.
  const plain = "function f(a){return /[\"]/.test(a)?'\xe6\xb8\xa9':a/2/'\xab'}";
  assert.equal(plainCode(plain).text, plain);
});

test("code is printed with words, and blanks between words only", () => {
  assert.equal(printed("\xaba\x9e\xb4;\xab$a"), "return a&&true;return$a");
  assert.equal(printed("a\xb9b\xab\xab"), "a in b return return");
  // What stands before decides on the first blank; the interpreter takes bytes in texts for tokens.
  assert.equal(printed("\xabab", 1, 2), " a");
  assert.equal(printed('"\xe4\xff"'), '"?[228][ERASED]"');
});

/**
 * Characters that have a short escape, in JSON and in what the REPL prints alike.
 * @module
 */
export const escapes: Record<string, string> = {
  "\n": "\\n",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
  "\r": "\\r",
  "\\": "\\\\",
  '"': '\\"',
};

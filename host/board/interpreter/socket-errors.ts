/**
 * What the interpreter says of a socket's error numbers; any other is an "unknown error".
 * @module
 */

export const errorTexts: Record<number, string> = {
  [-1]: "connection closed",
  [-2]: "out of memory",
  [-3]: "timeout",
  [-4]: "no route",
  [-5]: "busy",
  [-6]: "not found",
  [-7]: "max sockets",
  [-8]: "unsent data",
  [-9]: "connection reset",
  [-10]: "unknown error",
  [-11]: "no connection",
  [-12]: "bad argument",
  [-13]: "SSL handshake failed",
  [-14]: "invalid SSL data",
  [-15]: "no response",
};

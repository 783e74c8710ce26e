/**
 * A program that does next to nothing: the loader is built beside it.
 * @module
 */
print("nothing");

export {};

/**
 * Thing model of a product, made from empty.json by `npm run tsl`.
 * Not to be edited: it is made again when the thing model changes.
 * @module
 */

/** What the product has, for `AliIot<Model>`. */
export interface Model {
  properties: { [identifier: string]: never };
  /** Properties that the platform may set. */
  writable: never;
  events: object;
  services: object;
}

/**
 * Getters that only the script itself can know become methods: they take less room, and one that is
 * used once can be put into its place.
 * @module
 */
import type { AnyNode, CallExpression, MemberExpression, Property } from "acorn";
import MagicString from "magic-string";
import { isShortName } from "../private-names.ts";
import { parseScript } from "./parse.ts";
import { type Rewritten, rewritten } from "./rewritten.ts";
import { walk } from "./scope.ts";

interface Getter {
  definition: CallExpression;
  get: Property;
}

/** Rewrites a script; getters with setters beside them, and names with other meanings, stay. */
export function callGetters(code: string): Rewritten {
  const getters = new Map<string, Getter[]>();
  const reads = new Map<string, MemberExpression[]>();
  const others = new Set<string>();
  walk(parseScript(code), (node, parents) => {
    const parent = parents[parents.length - 1];
    const found = getterOf(node);
    if (found) {
      const { name } = found;
      if (found.get) {
        const all = getters.get(name) ?? [];
        getters.set(name, [...all, { definition: node as CallExpression, get: found.get }]);
      } else others.add(name);
    }
    if (node.type === "Property" && node.key.type === "Identifier") others.add(node.key.name);
    if (node.type !== "MemberExpression" || node.computed) return;
    if (node.property.type !== "Identifier") return;
    const { name } = node.property;
    const isWritten =
      (parent?.type === "AssignmentExpression" && parent.left === node) ||
      parent?.type === "UpdateExpression" ||
      (parent?.type === "UnaryExpression" && parent.operator === "delete");
    if (isWritten) others.add(name);
    reads.set(name, [...(reads.get(name) ?? []), node]);
  });

  const text = new MagicString(code);
  for (const [name, all] of getters) {
    if (others.has(name) || !isShortName(name)) continue;
    for (const { definition, get } of all) {
      const owner = definition.arguments[0] as AnyNode;
      text.overwrite(definition.start, owner.start, "");
      text.overwrite(owner.end, get.value.start, `.${name} = `);
      text.remove(get.value.end, definition.end);
    }
    for (const { end } of reads.get(name) ?? []) text.appendLeft(end, "()");
  }
  return rewritten(text);
}

/** `get` of `Object.defineProperty(owner, "name", { get: function … })`, where it is all there is. */
function getterOf(node: AnyNode): { name: string; get: Property | undefined } | undefined {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return undefined;
  const { property } = node.callee;
  if (property.type !== "Identifier" || property.name !== "defineProperty") return undefined;
  const [, name, description] = node.arguments;
  if (name?.type !== "Literal" || description?.type !== "ObjectExpression") return undefined;
  const parts = description.properties.filter(
    (one): one is Property => one.type === "Property" && one.key.type === "Identifier",
  );
  const named = (wanted: string) =>
    parts.find(({ key }) => key.type === "Identifier" && key.name === wanted);
  return { name: String(name.value), get: named("set") ? undefined : named("get") };
}

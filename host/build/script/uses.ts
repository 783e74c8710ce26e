/**
 * Where a script defines methods and functions of its top level, and where it calls them.
 * @module
 */
import type { AnyNode, CallExpression, Program } from "acorn";
import { type Fn, isPrototype, type Scopes, walk } from "./scope.ts";

/** A function and the statement that defines it. */
export interface Definition {
  fn: Fn;
  node: AnyNode;
}

/** What a name is used for. */
export interface Uses {
  definitions: Definition[];
  /** Each with the nodes around it, outermost first. */
  calls: { call: CallExpression; parents: AnyNode[] }[];
  /** Whether it is used in any other way. */
  other: boolean;
}

/** The uses of members' names, and of names of the top level. */
export function findUses(program: Program, scopes: Scopes) {
  const methods = new Map<string, Uses>();
  const functions = new Map<string, Uses>();
  const usesIn = (all: Map<string, Uses>, name: string): Uses => {
    const known = all.get(name) ?? { definitions: [], calls: [], other: false };
    all.set(name, known);
    return known;
  };
  walk(program, (node, parents) => {
    const parent = parents.at(-1);
    if (node.type === "MemberExpression" && !node.computed && node.property.type === "Identifier") {
      const known = usesIn(methods, node.property.name);
      if (parent?.type === "CallExpression" && parent.callee === node) {
        known.calls.push({ call: parent, parents: parents.slice(0, -1) });
      } else if (
        parent?.type === "AssignmentExpression" &&
        parent.left === node &&
        parent.right.type === "FunctionExpression" &&
        isPrototype(node.object) &&
        parents.length === 3
      ) {
        known.definitions.push({ fn: parent.right, node: parents[1] as AnyNode });
      } else known.other = true;
    }
    if (node.type === "Property" && node.key.type === "Identifier") {
      usesIn(methods, node.key.name).other = true;
    }
    if (node.type === "Literal" && typeof node.value === "string") {
      usesIn(methods, node.value).other = true;
    }
    if (node.type === "FunctionDeclaration" && node.id && parents.length === 1) {
      usesIn(functions, node.id.name).definitions.push({ fn: node, node });
    } else if (node.type === "Identifier") {
      const variable = scopes.meaning.get(node);
      if (variable?.scope !== scopes.root || variable.declarations.includes(node)) return;
      const known = usesIn(functions, node.name);
      if (parent?.type === "CallExpression" && parent.callee === node) {
        known.calls.push({ call: parent, parents: parents.slice(0, -1) });
      } else known.other = true;
    }
  });
  return { methods, functions };
}

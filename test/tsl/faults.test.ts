/**
 * Thing models that are not valid: the path of each fault.
 * @module
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { describeFault, findFaults } from "../../host/cloud/thing/tsl-faults.ts";

/** A document of any form, to be spoilt. */
type Json = ReturnType<typeof JSON.parse>;

const METER = readFileSync(join(import.meta.dirname, "fixtures/meter.json"), "utf8");

/** The faults after a change of the fixture, which has none. */
function faultsAfter(change: (model: Json) => void): string[] {
  const model = JSON.parse(METER);
  change(model);
  return findFaults(model).map(describeFault);
}

test("the fixtures have no faults", () => {
  assert.deepEqual(
    faultsAfter(() => {}),
    [],
  );
});

for (const [what, change, expected] of [
  [
    "an unknown type",
    (model) => (model.properties[0].dataType.type = "flaot"),
    'properties[0].dataType.type ("flow"): expected one of int, float, double, bool, enum, text, ' +
      'date, struct, array, not "flaot"',
  ],
  [
    "no type",
    (model) => delete model.properties[1].dataType,
    'properties[1].dataType ("count"): expected an object',
  ],
  [
    "a bound that is no number",
    (model) => (model.properties[0].dataType.specs.min = "low"),
    'properties[0].dataType.specs.min ("flow"): expected a number, not "low"',
  ],
  [
    "an empty bound",
    (model) => (model.properties[0].dataType.specs.min = ""),
    'properties[0].dataType.specs.min ("flow"): expected a number, not ""',
  ],
  [
    "bounds in the wrong order",
    (model) => (model.properties[0].dataType.specs.max = "-20"),
    'properties[0].dataType.specs.max ("flow"): expected at least "min", -12.5, not "-20"',
  ],
  [
    "an enum of words",
    (model) => (model.properties[3].dataType.specs.quick = "2"),
    'properties[3].dataType.specs ("mode"): expected whole numbers as keys, not "quick"',
  ],
  [
    "an enum of nothing",
    (model) => (model.properties[3].dataType.specs = {}),
    'properties[3].dataType.specs ("mode"): expected at least one value',
  ],
  [
    "an access mode",
    (model) => (model.properties[2].accessMode = "x"),
    'properties[2].accessMode ("valve"): expected one of r, rw, w, not "x"',
  ],
  [
    "an array without a size",
    (model) => delete model.properties[7].dataType.specs.size,
    'properties[7].dataType.specs.size ("readings"): expected a number above 0',
  ],
  [
    "an array of nothing",
    (model) => delete model.properties[7].dataType.specs.item,
    'properties[7].dataType.specs.item ("readings"): expected an object',
  ],
  [
    "a member within a list of structs",
    (model) => (model.properties[8].dataType.specs.item.specs[1].dataType.specs = "0,1"),
    'properties[8].dataType.specs.item.specs[1].dataType.specs ("schedule"): ' +
      'expected an object, not "0,1"',
  ],
  [
    "two members of one name",
    (model) => (model.properties[10].dataType.specs[1].identifier = "floor"),
    'properties[10].dataType.specs[1].identifier ("place"): expected one that no other has, ' +
      'not "floor"',
  ],
  [
    "two properties of one name",
    (model) => (model.properties[1].identifier = "flow"),
    'properties[1].identifier: expected one that no other has, not "flow"',
  ],
  [
    "an identifier with a blank",
    (model) => (model.properties[1].identifier = "a b"),
    'properties[1].identifier: expected 1 to 50 letters, digits or underscores, not "a b"',
  ],
  [
    "an event's kind",
    (model) => (model.events[2].type = "warning"),
    'events[2].type ("leak"): expected one of info, alert, error, not "warning"',
  ],
  [
    "an event's output",
    (model) => (model.events[2].outputData[0].dataType.type = "number"),
    'events[2].outputData[0].dataType.type ("leak"): expected one of int, float, double, bool, ' +
      'enum, text, date, struct, array, not "number"',
  ],
  [
    "a service's input that is no list",
    (model) => (model.services[3].inputData = {}),
    'services[3].inputData ("calibrate"): expected a list, not an object',
  ],
  [
    "a service without a call type",
    (model) => delete model.services[2].callType,
    'services[2].callType ("reset"): expected one of async, sync',
  ],
  [
    "a list that is none",
    (model) => (model.properties = {}),
    "properties: expected a list, not an object",
  ],
  [
    "a fault in a custom module",
    (model) => (model.functionBlocks[0].properties = [{ identifier: "level", accessMode: "r" }]),
    'functionBlocks[0].properties[0].dataType ("level"): expected an object',
  ],
  [
    "a module without a name",
    (model) => delete model.functionBlocks[0].functionBlockId,
    "functionBlocks[0].functionBlockId: expected 1 to 50 letters, digits or underscores",
  ],
] as [string, (model: Json) => void, string][]) {
  test(what, () => assert.deepEqual(faultsAfter(change), [expected]));
}

test("all faults are told, in the order of the document", () => {
  const faults = faultsAfter((model) => {
    model.events[1].type = 1;
    model.properties[0].accessMode = null;
    model.properties[4].dataType.specs.length = "many";
  });
  assert.deepEqual(
    faults.map((fault) => fault.slice(0, fault.indexOf(" "))),
    ["properties[0].accessMode", "properties[4].dataType.specs.length", "events[1].type"],
  );
});

test("what is no thing model at all", () => {
  for (const [json, found] of [
    [null, "null"],
    [[], "a list"],
    ["x".repeat(100), `"${"x".repeat(39)}…`],
  ] as const) {
    assert.deepEqual(findFaults(json).map(describeFault), [
      `the thing model: expected an object, not ${found}`,
    ]);
  }
});

test("types within types end somewhere", () => {
  const model: Json = { properties: [{ identifier: "a", accessMode: "r", dataType: {} }] };
  let type = model.properties[0].dataType;
  for (let level = 0; level < 5000; level++) {
    Object.assign(type, { type: "array", specs: { size: "1", item: {} } });
    type = type.specs.item;
  }
  const [fault, ...others] = findFaults(model);
  assert.equal(fault?.expected, "types nested up to 8 deep");
  assert.deepEqual(others, []);
});

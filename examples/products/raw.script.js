/**
 * Parse script of the meter. A frame is its kind (1 byte), the message's id (4 bytes, the highest
 * first) and what the kind asks for:
 *
 * 0 up: report, battery (1), power (1) · 1 down: set, power (1) · 2 down: reply to a report, code (2)
 * 3 up: reply to a command, code (2), after a query the battery (1) · 4 down: query of the battery
 */
var REPORT = 0;
var SET = 1;
var REPORT_REPLY = 2;
var COMMAND_REPLY = 3;
var QUERY = 4;

// biome-ignore lint/correctness/noUnusedVariables: the platform calls it
function rawDataToProtocol(bytes) {
  var view = new DataView(Uint8Array.from(bytes).buffer);
  var message = { id: String(view.getUint32(1)), version: "1.0" };
  if (bytes[0] === REPORT) {
    message.method = "thing.event.property.post";
    message.params = { energy: view.getUint8(5), power_switch: view.getUint8(6) };
  } else if (bytes[0] === COMMAND_REPLY) {
    message.code = view.getUint16(5);
    message.data = bytes.length > 7 ? { power_level: view.getUint8(7) } : {};
  } else {
    throw new Error(`unknown kind ${bytes[0]}`);
  }
  return message;
}

// biome-ignore lint/correctness/noUnusedVariables: the platform calls it
function protocolToRawData(json) {
  var method = json.method;
  if (method === "thing.service.property.set") {
    return frame(SET, json.id, [json.params.power_switch]);
  }
  if (method === "thing.service.query_power_level") return frame(QUERY, json.id, []);
  return frame(REPORT_REPLY, json.id, [json.code >> 8, json.code & 255]);
}

function frame(kind, id, rest) {
  var number = Number(id);
  return [kind, number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].concat(
    rest,
  );
}

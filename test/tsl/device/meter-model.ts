/**
 * Thing model of product a1MeterTest, made from meter.json, meter-battery.json by `npm run tsl`.
 * Not to be edited: it is made again when the thing model changes.
 * @module
 */

/** What the product has, for `AliIot<Model>`. */
export interface Model {
  properties: {
    /**
     * flow: double, -12.5 to 12.5 m³/h (cubic metre per hour), in steps of 0.1; read-only,
     * required.
     */
    flow: number;
    /**
     * litres since the start: int, from 0 litre; read-only.
     * Never runs backwards. /* Ends *\/ at the largest value.
     * Then it begins again.
     */
    count: number;
    /** valve: bool, 0 shut, 1 open; writable. */
    valve: 0 | 1;
    /** mode: enum, -1 service, 0 off, 2 quick; writable. */
    mode: -1 | 0 | 2;
    /** label: text of up to 8 characters; writable. */
    label: string;
    /** time of the reading: date, milliseconds since 1970 (UTC) as a text; read-only. */
    read_at: string;
    /** second label: text; write-only. */
    "2nd_label": string;
    /** last readings: list of up to 4: float, up to 100; read-only. */
    readings: number[];
    /** schedule: list of up to 3: struct; writable. */
    schedule: {
      /** from: date, milliseconds since 1970 (UTC) as a text. */
      from: string;
      /** valve: bool, 0 shut, 1 open. */
      valve: 0 | 1;
    }[];
    /**
     * result of the self test: enum, 1000001 good, 1000002 leak, 1000003 no flow, 1000004 sensor,
     * 1000005 battery, 1000006 not tested; writable.
     */
    self_test_result_of_the_last_service: 1000001 | 1000002 | 1000003 | 1000004 | 1000005 | 1000006;
    /** place: struct; read-only. */
    place: {
      /** floor: int. */
      floor: number;
      /** room: text of up to 20 characters. */
      room: string;
    };
    /** charge: int, 0 to 100 %; read-only. */
    "battery:level": number;
    /** power saving: bool, 0 off, 1 on; writable. */
    "battery:saving": 0 | 1;
  };
  /** Properties that the platform may set. */
  writable:
    | "valve"
    | "mode"
    | "label"
    | "2nd_label"
    | "schedule"
    | "self_test_result_of_the_last_service"
    | "battery:saving";
  events: {
    /** opened: alert event. */
    tampered: { [identifier: string]: never };
    /**
     * leak: error event.
     * After ten minutes.
     */
    leak: {
      /** lost: float, from 0 l. */
      litres: number;
      /** since: date, milliseconds since 1970 (UTC) as a text. */
      since: string;
    };
    /** low: alert event. */
    "battery:low": {
      /** charge: int. */
      level: number;
    };
  };
  services: {
    /** reset. Asynchronous: answered at any time. */
    reset: {
      input: { [identifier: string]: never };
      output: { [identifier: string]: never };
    };
    /** calibrate. Synchronous: answered within 8 s. */
    calibrate: {
      input: {
        /** measured: float, from 0. */
        litres: number;
      };
      output: {
        /** new factor: double. */
        factor: number;
        /** stored: bool, 0 no, 1 yes. */
        stored: 0 | 1;
      };
    };
    /** replaced. Asynchronous: answered at any time. */
    "battery:replaced": {
      input: { [identifier: string]: never };
      output: { [identifier: string]: never };
    };
  };
}

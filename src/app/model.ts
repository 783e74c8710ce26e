/**
 * Thing model of product a1AliotDemo, made from demo.tsl.json by `npm run tsl`.
 * Not to be edited: it is made again when the thing model changes.
 * @module
 */

/** What the product has, for `AliIot<Model>`. */
export interface Model {
  properties: {
    /** phone number: text of up to 32 characters; writable. */
    phone_num: string;
    /** battery: int, 0 to 100 % (percent); read-only. */
    energy: number;
    /** position: struct; read-only. */
    GeoLocation: {
      /** longitude: double, -180 to 180 ° (degree), in steps of 0.01. */
      Longitude: number;
      /** latitude: double, -90 to 90 ° (degree), in steps of 0.01. */
      Latitude: number;
      /** altitude: double, 0 to 9999 m (metre), in steps of 0.01. */
      Altitude: number;
      /** coordinate system: enum, 1 WGS_84, 2 GCJ_02. */
      CoordinateSystem: 1 | 2;
    };
    /** power: bool, 0 off, 1 on; writable. */
    power_switch: 0 | 1;
  };
  /** Properties that the platform may set. */
  writable: "phone_num" | "power_switch";
  events: {
    /** call for help: alert event. */
    sos_alarm: { [identifier: string]: never };
    /** battery low: alert event. */
    low_power_alarm: {
      /** battery: int, 0 to 100 % (percent). */
      power_level: number;
    };
  };
  services: {
    /** ask for the phone number. Asynchronous: answered at any time. */
    query_phone_num: {
      input: { [identifier: string]: never };
      output: {
        /** phone number: text of up to 32 characters. */
        phone_num: string;
      };
    };
    /** ask for the battery. Synchronous: answered within 8 s. */
    query_power_level: {
      input: { [identifier: string]: never };
      output: {
        /** battery: int, 0 to 100 % (percent). */
        power_level: number;
      };
    };
  };
}

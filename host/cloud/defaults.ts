/**
 * What Alibaba's documents leave open or give only in passing, as named constants with their
 * source. "Unconfirmed" marks a default of ours: the real platform may behave differently there.
 * Page numbers are those of `help.aliyun.com/document_detail/NUMBER.html`.
 * @module
 */

/** Shortest keepalive in seconds; a shorter one, 0 included, is refused (page 73742). */
export const KEEPALIVE_MIN_S = 30;
/** Longest keepalive in seconds; a longer one is treated as this (Link SDK C 4, aiot_mqtt_api.h). */
export const KEEPALIVE_MAX_S = 1200;
/** CONNACK code for a keepalive out of bounds. Unconfirmed: the documents only say "refused". */
export const KEEPALIVE_CONNACK = 2;
/** CONNACK code for a securemode that does not fit the transport. Unconfirmed (page 73742). */
export const SECUREMODE_CONNACK = 2;

/** Longest MQTT payload in bytes; a larger one is dropped. Unconfirmed. */
export const PAYLOAD_MAX_BYTES = 256 * 1024;
/** Longest topic in bytes (Link SDK C 4, core_mqtt.h; the platform's own limit is unconfirmed). */
export const TOPIC_MAX_BYTES = 128;
/**
 * Most slashes in a topic of the product's own. Unconfirmed; documented system topics such as
 * `/sys/{pk}/{dn}/thing/event/property/batch/post` have more.
 */
export const TOPIC_MAX_SLASHES = 7;
/** Most filters that one device may have subscribed. Unconfirmed. */
export const SUBSCRIPTIONS_MAX = 100;
/** Most topic classes of a product, those that every product has among them. Unconfirmed. */
export const TOPIC_CLASSES_MAX = 50;
/** QoS of a broadcast. Unconfirmed. */
export const BROADCAST_QOS = 0;
/** Longest part of the client id before the first bar, in characters (page 73742). */
export const CLIENT_ID_MAX = 64;

/**
 * QoS-1 messages kept for a device that is away with clean session 0; the oldest stay. The real
 * platform keeps them for 7 days (unconfirmed), this one while it runs.
 */
export const OFFLINE_QUEUE_MAX = 1000;

/** QoS of property sets and asynchronous services. Unconfirmed. */
export const COMMAND_QOS = 1;
/** QoS of RRPC requests: they are void after seconds anyway. Unconfirmed. */
export const RRPC_QOS = 0;

/** Bounds of an RRPC timeout in milliseconds (page 69797). */
export const RRPC_TIMEOUT_MIN_MS = 1000;
export const RRPC_TIMEOUT_MAX_MS = 8000;
/** Time that a device has to answer a synchronous service, in milliseconds (page 69584). */
export const SYNC_SERVICE_TIMEOUT_MS = 8000;
/** Time that the programmatic API waits for the answer to a property set or asynchronous service. */
export const COMMAND_TIMEOUT_MS = 10_000;

/** Most properties in one post (page 89307, code 6106). */
export const PROPERTIES_MAX = 200;
/** How far in the future a time stamp of the device may lie, in milliseconds (page 89307). */
export const FUTURE_MAX_MS = 24 * 60 * 60 * 1000;
/** Longest text property in characters where the TSL says nothing (page 30527). */
export const TEXT_MAX = 10_240;

/** Largest difference between a signed API request's time and ours, in milliseconds (15 minutes). */
export const API_CLOCK_SKEW_MS = 15 * 60 * 1000;

/** Longest parse script in bytes (page 30527). */
export const PARSE_SCRIPT_MAX_BYTES = 128 * 1024;
/** Longest run of a parse script in milliseconds. Unconfirmed. */
export const PARSE_SCRIPT_MS = 1000;

/** Entries kept per history series (one property or event of one device). Ours. */
export const HISTORY_MAX = 10_000;

/** Most sub-devices of a gateway, and most of them online at once (page 30527). */
export const SUB_DEVICES_MAX = 2000;
export const SUB_DEVICES_ONLINE_MAX = 2000;
/** Most sub-devices in one request: to add (page 89299), to register (page 30527), to log on or off (page 89300). */
export const TOPOLOGY_BATCH_MAX = 30;
export const REGISTER_BATCH_MAX = 30;
export const LOGIN_BATCH_MAX = 50;
/** Most sub-devices that one API call adds to a gateway (API BatchAddThingTopo). */
export const TOPOLOGY_API_MAX = 10;
/** Most sub-devices and events in a gateway's pack (page 89307). */
export const PACK_SUB_DEVICES_MAX = 20;
export const PACK_EVENTS_MAX = 20;
/** QoS of errors on `/ext/error`. Unconfirmed; messages of sessions have QoS 0 (page 89300). */
export const GATEWAY_ERROR_QOS = 0;

/** How long the address of a download is good, in milliseconds. Unconfirmed: 24 hours. */
export const FILE_ADDRESS_MS = 24 * 60 * 60 * 1000;
/** How long a permit to upload is good, in milliseconds (page 147310). */
export const UPLOAD_MS = 60_000;
/** Largest form with a file, in bytes. Ours: Alibaba takes files of 1000 MB (page 58328). */
export const UPLOAD_MAX_BYTES = 100 * 1024 * 1024;
/** Extensions that packages may have (page 58328). */
export const FILE_SUFFIXES = [
  "bin",
  "dav",
  "tar",
  "gz",
  "zip",
  "gzip",
  "apk",
  "tar.gz",
  "tar.xz",
  "pack",
] as const;
/** Most files of a package (Link SDK C 4, aiot_ota_api.c). */
export const PACKAGE_FILES_MAX = 20;
/** Most packages, and most modules of a product besides the default one (pages 147311, 186066). */
export const FIRMWARES_MAX = 500;
export const OTA_MODULES_MAX = 10;
/** QoS of a push. Unconfirmed. */
export const PUSH_QOS = 1;
/** How often a device joins the same dynamic job at most (page 58328). */
export const DYNAMIC_MATCHES_MAX = 10;
/** Pushes per minute where a job says nothing (page 147496). */
export const PUSHES_PER_MINUTE = 1000;
/** Largest file that is downloaded over MQTT, in bytes (page 58328). */
export const MQTT_FILE_MAX_BYTES = 16 * 1024 * 1024;
/** Bounds of a block of a download over MQTT, in bytes. Unconfirmed: those of uploads. */
export const BLOCK_MIN_BYTES = 256;
export const BLOCK_MAX_BYTES = 131_072;
/** Code for a block that can't be had. Unconfirmed. */
export const BLOCK_ERROR = 460;

/** Largest file that a device uploads over MQTT, in bytes (page 30527). */
export const DEVICE_FILE_MAX_BYTES = 16 * 1024 * 1024;
/** Longest name of such a file in bytes (page 354836). */
export const DEVICE_FILE_NAME_MAX_BYTES = 100;
/** Most files of a device, and most bytes of all devices' files (page 30527). */
export const DEVICE_FILES_MAX = 1000;
export const DEVICE_FILES_MAX_BYTES = 1024 * 1024 * 1024;
/** How long an unfinished upload is kept, in milliseconds (Link SDK C 4, aiot_mqtt_upload_api.h). */
export const UPLOAD_LIFE_MS = 24 * 60 * 60 * 1000;
/** Code where a device, or all together, have too many files. Unconfirmed. */
export const DEVICE_FILES_QUOTA_CODE = 460;

/** QoS of what a shadow tells its device (page 53964). */
export const SHADOW_QOS = 1;
/** Most attributes that each half of a shadow may have, those within objects counted. Unconfirmed. */
export const SHADOW_ATTRIBUTES_MAX = 128;

/** Most tags of a device (page 30527). */
export const TAGS_MAX = 100;
/** Bounds of a tag in characters. Unconfirmed: those of the console. */
export const TAG_KEY_MAX = 30;
export const TAG_VALUE_MAX = 128;

/** Largest remote configuration in bytes (page 30527). */
export const REMOTE_CONFIG_MAX_BYTES = 64 * 1024;

/** Most lines in one post of a device's log, and bytes of one (Link SDK C 4, logpost). */
export const LOG_LINES_MAX = 200;
export const LOG_CONTENT_MAX_BYTES = 4096;
/** Lines kept of each device's log. Ours. */
export const LOG_KEPT_MAX = 1000;
/** Whether a device uploads its log before anybody has said so. Unconfirmed: the console's preset. */
export const LOG_UPLOAD_PRESET = false;

/** Entries of network status in one post of the history form. Unconfirmed. */
export const NETWORK_STATUS_BATCH_MAX = 100;
/** Entries of network status kept of each device. Ours. */
export const NETWORK_STATUS_KEPT_MAX = 500;

/**
 * How long a device has for its reply to `thing/disable` and `thing/delete` before it is cut, in
 * milliseconds. Unconfirmed.
 */
export const LIFECYCLE_REPLY_MS = 1000;

/** Client ids that a device may have by registration without pre-registration (page 132112). */
export const CLIENT_IDS_MAX = 5;
/** Code for one more. Unconfirmed: the documents only give the number. */
export const CLIENT_IDS_USED_UP = 6289;
/** Code for a device that is to be pre-registered and is not. Unconfirmed: that of sub-devices. */
export const REGISTER_UNKNOWN_DEVICE = 6100;
/**
 * CONNACK codes of refused registrations, by the code that HTTPS gives; 5 for the others. Unconfirmed:
 * as page 148610 explains them, while Link SDK C (core_mqtt.h) knows 2, 3 and 4 here.
 */
export const REGISTRATION_CONNACK: Readonly<Record<number, 2 | 4 | 5>> = { 460: 4, 6292: 2 };
/** QoS of what answers a registration. Unconfirmed. */
export const REGISTRATION_QOS = 0;
/** How long a connection for registration may stay, in milliseconds. Ours: keepalive is not checked. */
export const REGISTRATION_MS = 60_000;

/** Largest rule of a job for devices in characters, and longest description (page 198574). */
export const JOB_DOCUMENT_MAX = 65_536;
export const JOB_DESCRIPTION_MAX = 100;
/** Notices of a job per minute where it says nothing, and at most (page 254829: 50 to 1000). */
export const JOB_PER_MINUTE_MAX = 1000;
/** QoS of a job's notices where it says nothing. Unconfirmed. */
export const JOB_QOS = 1;
/** Longest timeout of a job's tasks in minutes. Unconfirmed: 7 days. */
export const JOB_TIMEOUT_MAX_MIN = 10_080;
/** Devices that a job names at most. Unconfirmed. */
export const JOB_DEVICES_MAX = 1000;
/** Jobs that are kept at most. Ours. */
export const JOBS_MAX = 1000;
/** How long the address of a job's file is good, in milliseconds (Link SDK C 4.1, task demo). */
export const JOB_FILE_ADDRESS_MS = 60 * 60 * 1000;
/** Tasks that the answer to `$list` has at most (Link SDK C 4.1, task_private.h). */
export const JOB_LIST_MAX = 10;
/** Code for a task that can't be changed so. Unconfirmed. */
export const JOB_ERROR = 460;

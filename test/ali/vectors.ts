/**
 * Sign vectors: four published ones, the others computed with OpenSSL. Passwords are lower case.
 * @module
 */
export interface Vector {
  method: "hmacsha256" | "hmacsha1" | "hmacmd5";
  key: string;
  content: string;
  password: string;
}

const SECRET = "0123456789abcdef0123456789abcdef";
const WITH_TIME =
  "clientIda1B2c3D4e5F.tracker_0001deviceNametracker_0001productKeya1B2c3D4e5Ftimestamp2524608000000";
const WITHOUT_TIME = "clientIda1B2c3D4e5F.tracker_0001deviceNametracker_0001productKeya1B2c3D4e5F";
const REGISTER = "deviceNametracker_0001productKeya1B2c3D4e5Frandom8Ygb7ULYh53B6OA";

function three(key: string, content: string, md5: string, sha1: string, sha256: string): Vector[] {
  return [
    { method: "hmacmd5", key, content, password: md5 },
    { method: "hmacsha1", key, content, password: sha1 },
    { method: "hmacsha256", key, content, password: sha256 },
  ];
}

export const vectors: Vector[] = [
  {
    method: "hmacsha1",
    key: "secret",
    content: "clientId12345deviceNamedeviceproductKeypktimestamp789",
    password: "fafd82a3d602b37fb0fa8b7892f24a477f851a14",
  },
  {
    method: "hmacsha1",
    key: "fc73ae4f1f2fb21073f1eee685cf4435",
    content: "clientId11111deviceNametest1productKeya1U4pQzrgimtimestamp2524608000000",
    password: "88794a49fc0663f9eb3eb3c97194d2f76d10329b",
  },
  {
    method: "hmacsha256",
    key: "jA0K15GobTDa5wgOtJPzdtcZPc4X7NYQ",
    content:
      "clientIda13FN5TplKq.mqtt_basic_demodeviceNamemqtt_basic_demoproductKeya13FN5TplKqtimestamp2524608000000",
    password: "4780a5f17990d8dc4ccad392683ed80160c4c2a1ffa649425cd0e2666a8593eb",
  },
  ...three(
    "thinkgos",
    "thinkgos",
    "ed9dc7baf84a9740a3ceb6f1f26bfb4f",
    "f9cebe2044ea375cff1a46f4dc05eb15ff9870ee",
    "e9403e3a615fad72d1dd1fe90c225cbec4ba81a03e5474d91a72844d2218954f",
  ),
  ...three(
    SECRET,
    WITH_TIME,
    "7726128c63904809e10e90f58c33defb",
    "d3aa5e47aa35b6f11f25195c492baeec693b3504",
    "4d6d2e25e36f9347f72f5c3199b11c1405b28f6f687ab0cc5e28f02b1cf6c458",
  ),
  ...three(
    SECRET,
    WITHOUT_TIME,
    "d3728fa2ea750e74fe39557c3dec188a",
    "dfdb7aaaa3eeea474d4c66ff5e1ddb7dabb956ce",
    "1c993598b823aaad0bc31a8bf891cd656997a4e5b5a472081590d8bcc2b49882",
  ),
  ...three(
    "ProdSecret123456",
    REGISTER,
    "3aa8011093b4eeb66528f56bf8a3a860",
    "3668f550ed65bd008027c36bd1ab38f363c094b6",
    "108ed7214007ed85a95128840ef7a60d9abe9950726f636414cea12abe1fc68d",
  ),
  {
    method: "hmacsha256",
    key: SECRET,
    content: "ida1B2c3D4e5F&tracker_0001timestamp2524608000000",
    password: "be73ecc8f82f555abf02fa711b441543c1ea1a575b38b3f3b45778b5c1044237",
  },
  {
    method: "hmacsha1",
    key: "fedcba9876543210fedcba9876543210",
    content: "clientIda1B2c3D4e5F.sub01deviceNamesub01productKeya1B2c3D4e5Ftimestamp2524608000000",
    password: "1bc4160ad5d63e981614c91db650fbf0c1b252d9",
  },
];

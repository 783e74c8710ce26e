/**
 * The platform's own certification authority and server certificate, made at first start. RSA, since
 * small devices offer nothing else.
 * @module
 */
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

/** All PEM. */
export interface Certificates {
  /** Certificate of the authority: what devices have to trust. */
  ca: string;
  /** Certificate of the server, followed by nothing: the authority signs it directly. */
  certificate: string;
  key: string;
  /** Certificate and key for a device, signed by the authority. */
  issue(name: string): Promise<IssuedCertificate>;
}

/** Both PEM. */
export interface IssuedCertificate {
  /** Hex. */
  serialNumber: string;
  certificate: string;
  /** PKCS #8. */
  key: string;
}

const ALGORITHM = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
} as const;

const DAY_MS = 24 * 60 * 60 * 1000;
const CA_DAYS = 3650;
const SERVER_DAYS = 825;
const DEVICE_DAYS = 3650;
/** A server certificate is renewed at start when it ends sooner than this. */
const RENEW_DAYS = 30;

type CryptoKey = webcrypto.CryptoKey;
const crypto = webcrypto;
x509.cryptoProvider.set(crypto);

/** What the data directory keeps. */
interface Authority {
  certificate: x509.X509Certificate;
  key: CryptoKey;
}

/** Reads the authority of a directory or makes it there, and a server certificate for the hosts. */
export async function loadCertificates(directory: string, hosts: string[]): Promise<Certificates> {
  const folder = join(directory, "tls");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await readOrMakeAuthority(folder);
  const certificateFile = join(folder, "server.pem");
  const keyFile = join(folder, "server.key");
  const certificate = await readText(certificateFile);
  const key = await readText(keyFile);
  const parts = partsOf(authority);
  if (certificate && key && isGood(certificate, authority, hosts)) {
    return { ...parts, certificate, key };
  }
  const made = await makeServer(authority, hosts, await makeKeys());
  await writeFile(certificateFile, made.certificate);
  await writeFile(keyFile, made.key, { mode: 0o600 });
  return { ...parts, ...made };
}

let throwAway: Promise<[Authority, webcrypto.CryptoKeyPair]> | undefined;

/** Certificates that are kept nowhere; authority and server's key are the same for the whole process. */
export async function makeCertificates(hosts: string[]): Promise<Certificates> {
  throwAway ??= Promise.all([makeAuthority(), makeKeys()]);
  const [authority, keys] = await throwAway;
  return { ...partsOf(authority), ...(await makeServer(authority, hosts, keys)) };
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function partsOf(authority: Authority): Pick<Certificates, "ca" | "issue"> {
  return {
    ca: authority.certificate.toString("pem"),
    issue: (name) => issueTo(authority, name),
  };
}

async function readOrMakeAuthority(folder: string): Promise<Authority> {
  const certificateFile = join(folder, "ca.pem");
  const keyFile = join(folder, "ca.key");
  const certificate = await readText(certificateFile);
  const key = await readText(keyFile);
  if (certificate && key) {
    return { certificate: new x509.X509Certificate(certificate), key: await importKey(key) };
  }
  const authority = await makeAuthority();
  await writeFile(keyFile, await exportKey(authority.key), { mode: 0o600 });
  await writeFile(certificateFile, authority.certificate.toString("pem"));
  return authority;
}

async function makeAuthority(): Promise<Authority> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=Local IoT platform CA",
    ...validity(CA_DAYS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, key: keys.privateKey };
}

async function makeServer(
  authority: Authority,
  hosts: string[],
  keys: webcrypto.CryptoKeyPair,
): Promise<{ certificate: string; key: string }> {
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${hosts[0] ?? "localhost"}`,
    issuer: authority.certificate.subject,
    ...validity(SERVER_DAYS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      // Key encipherment is what a key exchange with static RSA needs.
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
        true,
      ),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(hosts.map(alternativeName)),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  return { certificate: certificate.toString("pem"), key: await exportKey(keys.privateKey) };
}

async function issueTo(authority: Authority, name: string): Promise<IssuedCertificate> {
  const keys = await makeKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: [{ CN: [name] }],
    issuer: authority.certificate.subject,
    ...validity(DEVICE_DAYS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate),
    ],
  });
  return {
    serialNumber: certificate.serialNumber,
    certificate: certificate.toString("pem"),
    key: await exportKey(keys.privateKey),
  };
}

function isGood(pem: string, authority: Authority, hosts: string[]): boolean {
  const certificate = new x509.X509Certificate(pem);
  const names = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  const values = names.map(({ value }) => value);
  return (
    certificate.issuer === authority.certificate.subject &&
    certificate.notAfter.getTime() > Date.now() + RENEW_DAYS * DAY_MS &&
    hosts.every((host) => values.includes(host))
  );
}

function alternativeName(host: string): { type: "ip" | "dns"; value: string } {
  return { type: /^[\d.]+$|:/.test(host) ? "ip" : "dns", value: host };
}

function validity(days: number): { notBefore: Date; notAfter: Date } {
  // A day back: clocks of devices are rarely exact.
  const now = Date.now();
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + days * DAY_MS) };
}

function serial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // Positive and not shortened by a leading zero.
  bytes[0] = ((bytes[0] as number) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString("hex");
}

async function exportKey(key: CryptoKey): Promise<string> {
  const der = await crypto.subtle.exportKey("pkcs8", key);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}

async function importKey(pem: string): Promise<CryptoKey> {
  const [der] = x509.PemConverter.decode(pem);
  return crypto.subtle.importKey("pkcs8", der as ArrayBuffer, ALGORITHM, true, ["sign"]);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

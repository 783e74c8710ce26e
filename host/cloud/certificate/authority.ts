/**
 * The platform's own certification authority and server certificate, made at first start. RSA, since
 * small devices offer nothing else.
 * @module
 */
import { X509Certificate } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import type { Authority, IssuedCertificate } from "./signing.ts";
import { throwAway } from "./throw-away.ts";

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

const DAY_MS = 24 * 60 * 60 * 1000;
/** A server certificate is renewed at start when it ends sooner than this. */
const RENEW_DAYS = 30;

const signing = () => import("./signing.ts");

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
  const { makeServerKey, signServer } = await signing();
  const newKey = await makeServerKey();
  const made = { certificate: await signServer(authority, hosts, newKey), key: newKey };
  await writeFile(certificateFile, made.certificate);
  await writeFile(keyFile, made.key, { mode: 0o600 });
  return { ...parts, ...made };
}

/** Certificates that are kept nowhere; authority and server's key are the same for the whole process. */
export async function makeCertificates(hosts: string[]): Promise<Certificates> {
  const { authority, certificate, key } = await throwAway();
  const parts = partsOf(authority);
  if (isGood(certificate, authority, hosts)) return { ...parts, certificate, key };
  const { signServer } = await signing();
  return { ...parts, certificate: await signServer(authority, hosts, key), key };
}

function partsOf(authority: Authority): Pick<Certificates, "ca" | "issue"> {
  return {
    ca: authority.certificate,
    issue: async (name) => (await signing()).issueTo(authority, name),
  };
}

async function readOrMakeAuthority(folder: string): Promise<Authority> {
  const certificateFile = join(folder, "ca.pem");
  const keyFile = join(folder, "ca.key");
  const certificate = await readText(certificateFile);
  const key = await readText(keyFile);
  if (certificate && key) return { certificate, key };
  const authority = await (await signing()).makeAuthority();
  await writeFile(keyFile, authority.key, { mode: 0o600 });
  await writeFile(certificateFile, authority.certificate);
  return authority;
}

/** Whether a server's certificate is of the authority, for all of the hosts, and for some time yet. */
function isGood(pem: string, authority: Authority, hosts: string[]): boolean {
  const certificate = new X509Certificate(pem);
  return (
    certificate.checkIssued(new X509Certificate(authority.certificate)) &&
    Date.parse(certificate.validTo) > Date.now() + RENEW_DAYS * DAY_MS &&
    hosts.every((host) => (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)))
  );
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

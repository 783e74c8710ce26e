/**
 * Judges a server's certificates as a module does: by the CA file it was given, and by its own
 * clock or none.
 * @module
 */
import { X509Certificate } from "node:crypto";
import { checkServerIdentity, type DetailedPeerCertificate } from "node:tls";
import type { TlsSettings } from "./network.ts";

/** Whether the chain leads to a certificate of the CA file, with names and dates that fit. */
export function isTrusted(peer: DetailedPeerCertificate, settings: TlsSettings): boolean {
  const anchors = readCertificates(settings.ca ?? "");
  const chain = chainOf(peer);
  const [leaf] = chain;
  if (!leaf || anchors.length === 0) return false;
  if (settings.serverName !== undefined && checkServerIdentity(settings.serverName, peer)) {
    return false;
  }
  let current = leaf;
  const used = [leaf];
  for (let depth = 0; depth < 8; depth++) {
    const anchor = anchors.find((one) => one.raw.equals(current.raw) || issued(one, current));
    if (anchor) return settings.now === undefined || areValid([...used, anchor], settings.now);
    const issuer = chain.find((one) => one !== current && one.ca && issued(one, current));
    if (!issuer || used.includes(issuer)) return false;
    used.push(issuer);
    current = issuer;
  }
  return false;
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

function areValid(certificates: X509Certificate[], now: number): boolean {
  return certificates.every(
    ({ validFrom, validTo }) => now >= Date.parse(validFrom) && now <= Date.parse(validTo),
  );
}

function chainOf(peer: DetailedPeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let current: DetailedPeerCertificate | undefined = peer;
  while (current?.raw && chain.length < 8) {
    chain.push(new X509Certificate(current.raw));
    const next: DetailedPeerCertificate | undefined = current.issuerCertificate;
    current = next === current ? undefined : next;
  }
  return chain;
}

/** The certificates of a file, PEM (one or more) or DER; none when it is neither. */
export function readCertificates(file: string): X509Certificate[] {
  const blocks = file.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  try {
    if (blocks) return blocks.map((block) => new X509Certificate(block));
    return [new X509Certificate(Buffer.from(file, "latin1"))];
  } catch {
    return [];
  }
}

import { readFileSync, statSync } from "node:fs";
import { isIP } from "node:net";
import { type ConnectionOptions, checkServerIdentity, getCACertificates } from "node:tls";
import type { Host, TlsSettings } from "./types.ts";

/**
 * TLS towards a host as libpq sets it up: whenever a root certificate is at hand the server's chain is checked, in
 * every mode; only `verify-full` compares its name. Files are read at each connection, so renewed ones are taken.
 * @throws an error with code ERR_TLS_FILE, which names the parameter and the file
 */
export function tlsOptions(tls: TlsSettings, { host }: Host): ConnectionOptions {
  const strict = tls.mode === "verify-ca" || tls.mode === "verify-full";
  const root = tls.root === "system" ? getCACertificates("system") : readIfThere("sslrootcert", tls.root);
  if (strict && root === undefined)
    throw badFile(`the file of sslrootcert, ${tls.root}, does not exist, and sslmode=${tls.mode} needs it`);
  const crl = root === undefined ? undefined : readIfThere("sslcrl", tls.revoked);
  return {
    ...clientCertificate(tls),
    minVersion: tls.minVersion,
    ...(tls.maxVersion && { maxVersion: tls.maxVersion }),
    ...(root !== undefined && { ca: root }),
    ...(crl !== undefined && { crl }),
    rejectUnauthorized: root !== undefined,
    checkServerIdentity: (_, certificate) =>
      tls.mode === "verify-full" ? checkServerIdentity(host, certificate) : undefined,
    ...(tls.sni && isIP(host) === 0 && !host.startsWith("/") && { servername: host }),
    ...(tls.negotiation === "direct" && { ALPNProtocols: ["postgresql"] }),
  };
}

function clientCertificate(tls: TlsSettings): ConnectionOptions {
  const cert = readIfThere("sslcert", tls.cert);
  if (cert === undefined) return {};
  const key = readIfThere("sslkey", tls.key);
  if (key === undefined || tls.key === undefined)
    throw badFile(`the certificate of sslcert is there, but not the file of sslkey, ${tls.key}`);
  const { mode, uid } = statSync(tls.key);
  if ((mode & (uid === 0 ? 0o037 : 0o077)) !== 0)
    throw badFile(`others may read the file of sslkey, ${tls.key}; run chmod 0600`);
  return { cert, key, ...(tls.keyPassword !== undefined && { passphrase: tls.keyPassword }) };
}

function readIfThere(parameter: string, file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, "utf8");
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw badFile(`the file of ${parameter}, ${file}, cannot be read (${code})`);
  }
}

function badFile(message: string): Error {
  return Object.assign(new Error(message), { code: "ERR_TLS_FILE" });
}

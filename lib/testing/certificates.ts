import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Certificates of an authority of the tests' own, for a server and a client. */
export interface Certificates {
  folder: string;
  /** The authority's certificate. */
  root: string;
  /** Another authority's, which signed nothing of these. */
  stranger: string;
  /** For the host name `localhost`, and no address. */
  server: { cert: string; key: string };
  /** For the role `certified`; `encrypted` is the same key under the password `opensesame`. */
  client: { cert: string; key: string; encrypted: string };
  /** For the server: key and certificates where its user may read them. */
  settings: Record<string, string>;
  remove(): void;
}

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(path.join(tmpdir(), "audit-test-tls-"));
  chmodSync(folder, 0o755);
  const at = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const authority = (name: string) =>
    openssl(
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", `${name}.key`, "-out", `${name}.crt`, "-days", "2", "-subj", `/CN=${name}`],
    );
  const signed = (name: string, subject: string, extension: string) => {
    openssl(
      ...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${subject}`],
    );
    writeFileSync(at(`${name}.ext`), extension);
    openssl(
      ...["x509", "-req", "-in", `${name}.csr`, "-CA", "root.crt", "-CAkey", "root.key", "-CAcreateserial"],
      ...["-days", "2", "-extfile", `${name}.ext`, "-out", `${name}.crt`],
    );
    chmodSync(at(`${name}.key`), 0o600);
  };
  authority("root");
  authority("stranger");
  signed("server", "localhost", "subjectAltName=DNS:localhost\n");
  signed("client", "certified", "extendedKeyUsage=clientAuth\n");
  openssl("pkey", "-in", "client.key", "-aes256", "-passout", "pass:opensesame", "-out", "encrypted.key");
  chmodSync(at("encrypted.key"), 0o600);
  const served = at("served");
  mkdirSync(served);
  for (const name of ["server.crt", "server.key", "root.crt"])
    execFileSync("cp", ["-p", at(name), path.join(served, name)]);
  if (process.getuid?.() === 0) {
    const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }).trim());
    chownSync(path.join(served, "server.key"), id("-u"), id("-g"));
  }
  return {
    folder,
    root: at("root.crt"),
    stranger: at("stranger.crt"),
    server: { cert: at("server.crt"), key: at("server.key") },
    client: { cert: at("client.crt"), key: at("client.key"), encrypted: at("encrypted.key") },
    settings: {
      ssl: "on",
      ssl_cert_file: path.join(served, "server.crt"),
      ssl_key_file: path.join(served, "server.key"),
      ssl_ca_file: path.join(served, "root.crt"),
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

import { refuseAddress } from "./refuse.ts";
import { sessionAttributes, sslModes, type TlsVersion } from "./types.ts";

interface Parameter {
  /** Where libpq takes it from when the address does not say. */
  variable?: string;
  /** Throws for a value that is none, or one that we do not take. */
  check?(value: string): void;
}

const oneOf =
  (name: string, values: readonly string[]) =>
  (value: string): void => {
    if (!values.includes(value)) throw refuseAddress(`${name} must be one of ${values.join(", ")}.`);
  };

const wholeNumber = (name: string) => (value: string) => {
  if (!/^\s*[+-]?\d{1,9}\s*$/.test(value)) throw refuseAddress(`${name} must be a whole number.`);
};

/** Values that libpq knows and this product cannot follow, with why. */
const all =
  (name: string, values: readonly string[], refused: Record<string, string>) =>
  (value: string): void => {
    const why = refused[value];
    if (why !== undefined) throw refuseAddress(`${name}=${value} is not supported: ${why}.`);
    oneOf(name, values)(value);
  };

const unsupported =
  (name: string, why: string, harmless: readonly string[] = []) =>
  (value: string) => {
    if (!harmless.includes(value)) throw refuseAddress(`${name} is not supported: ${why}.`);
  };

const tlsVersions = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const satisfies TlsVersion[];
const flag = ["0", "1"];
const noGss = "this product has no GSSAPI; leave it out or use a password, a certificate or trust";

/** Every connection parameter of libpq 18. Whatever is not here is refused by name. */
export const parameters: Readonly<Record<string, Parameter>> = {
  host: { variable: "PGHOST" },
  hostaddr: { variable: "PGHOSTADDR" },
  port: { variable: "PGPORT" },
  dbname: { variable: "PGDATABASE" },
  user: { variable: "PGUSER" },
  password: { variable: "PGPASSWORD" },
  passfile: { variable: "PGPASSFILE" },
  service: { variable: "PGSERVICE" },
  servicefile: { variable: "PGSERVICEFILE" },
  application_name: { variable: "PGAPPNAME" },
  fallback_application_name: {},
  client_encoding: { variable: "PGCLIENTENCODING" },
  options: { variable: "PGOPTIONS" },
  connect_timeout: { variable: "PGCONNECT_TIMEOUT", check: wholeNumber("connect_timeout") },
  target_session_attrs: {
    variable: "PGTARGETSESSIONATTRS",
    check: oneOf("target_session_attrs", sessionAttributes),
  },
  load_balance_hosts: {
    variable: "PGLOADBALANCEHOSTS",
    check: oneOf("load_balance_hosts", ["disable", "random"]),
  },
  keepalives: { check: wholeNumber("keepalives") },
  keepalives_idle: { check: wholeNumber("keepalives_idle") },
  keepalives_interval: { check: wholeNumber("keepalives_interval") },
  keepalives_count: { check: wholeNumber("keepalives_count") },
  tcp_user_timeout: {
    check: unsupported("tcp_user_timeout", "statements have limits of the console's own", ["0"]),
  },
  sslmode: { variable: "PGSSLMODE", check: oneOf("sslmode", sslModes) },
  sslnegotiation: {
    variable: "PGSSLNEGOTIATION",
    check: oneOf("sslnegotiation", ["postgres", "direct"]),
  },
  sslcert: { variable: "PGSSLCERT" },
  sslkey: {
    variable: "PGSSLKEY",
    check(value) {
      if (/^[a-z]\w+:/i.test(value)) throw refuseAddress("sslkey names an engine; only files are supported.");
    },
  },
  sslpassword: {},
  sslcertmode: {
    variable: "PGSSLCERTMODE",
    check: all("sslcertmode", ["disable", "allow"], {
      require: "whether the server asked for the certificate cannot be told",
    }),
  },
  sslrootcert: { variable: "PGSSLROOTCERT" },
  sslcrl: { variable: "PGSSLCRL" },
  sslcrldir: { variable: "PGSSLCRLDIR", check: unsupported("sslcrldir", "name one file with sslcrl") },
  sslsni: { variable: "PGSSLSNI", check: oneOf("sslsni", flag) },
  // libpq since 14 takes either and compresses nothing.
  sslcompression: { variable: "PGSSLCOMPRESSION" },
  ssl_min_protocol_version: {
    variable: "PGSSLMINPROTOCOLVERSION",
    check: oneOf("ssl_min_protocol_version", tlsVersions),
  },
  ssl_max_protocol_version: {
    variable: "PGSSLMAXPROTOCOLVERSION",
    check: oneOf("ssl_max_protocol_version", tlsVersions),
  },
  sslkeylogfile: { check: unsupported("sslkeylogfile", "it writes the keys of the connection to a file") },
  channel_binding: {
    variable: "PGCHANNELBINDING",
    check: all("channel_binding", ["disable", "prefer"], {
      require: "the driver does not bind channels; sslmode=verify-full proves the server as well",
    }),
  },
  gssencmode: {
    variable: "PGGSSENCMODE",
    check: all("gssencmode", ["disable", "prefer"], { require: noGss }),
  },
  krbsrvname: { variable: "PGKRBSRVNAME", check: unsupported("krbsrvname", noGss, ["postgres"]) },
  gsslib: { variable: "PGGSSLIB", check: unsupported("gsslib", noGss, ["gssapi"]) },
  gssdelegation: { variable: "PGGSSDELEGATION", check: unsupported("gssdelegation", noGss, ["0"]) },
  require_auth: {
    variable: "PGREQUIREAUTH",
    check: unsupported("require_auth", "the driver takes whichever method the server asks for"),
  },
  requirepeer: {
    variable: "PGREQUIREPEER",
    check: unsupported("requirepeer", "the owner of a Unix socket's other end cannot be asked"),
  },
  replication: {
    check: unsupported("replication", "the console needs ordinary sessions", ["false", "off", "no", "0"]),
  },
  min_protocol_version: {
    variable: "PGMINPROTOCOLVERSION",
    check: all("min_protocol_version", ["3.0"], {
      "3.2": "the driver speaks 3.0",
      latest: "the driver speaks 3.0",
    }),
  },
  max_protocol_version: {
    variable: "PGMAXPROTOCOLVERSION",
    check: oneOf("max_protocol_version", ["3.0", "3.2", "latest"]),
  },
  ...Object.fromEntries(
    ["scram_client_key", "scram_server_key"].map((name) => [
      name,
      { check: unsupported(name, "give the password instead") },
    ]),
  ),
  ...Object.fromEntries(
    ["oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope"].map((name) => [
      name,
      { check: unsupported(name, "the driver has no OAuth") },
    ]),
  ),
};

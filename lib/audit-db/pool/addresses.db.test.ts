import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAddress } from "../../address/parse-address.ts";
import { openQueuePool } from "../../db/queue-pool.ts";
import { type Certificates, makeCertificates } from "../../testing/certificates.ts";
import { type Cluster, startCluster } from "../../testing/cluster.ts";
import { askPsql } from "../../testing/psql.ts";
import { type Standby, startStandby } from "../../testing/standby.ts";
import { openClient } from "./open-client.ts";

const secret = "p@ss:w/rd%";
const names = ["my db", "ü", "a/b", "a%b", "a%2Fb", '"q"'];
const question = `select concat_ws(' ', current_user, current_database(), current_setting('port'),
  case when (select ssl from pg_stat_ssl where pid = pg_backend_pid()) then 'TLS' else 'plain' end,
  (select client_dn from pg_stat_ssl where pid = pg_backend_pid()), current_setting('work_mem'))`;

let folder: string;
let tls: Certificates;
/** With TLS and a standby; without TLS. */
let primary: Cluster;
let standby: Standby;
let plain: Cluster;
/** A port where nobody listens; a free one could be taken meanwhile. */
const nobody = 1;
let place: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "audit-test-addresses-"));
  chmodSync(folder, 0o777);
  tls = makeCertificates();
  const sockets = path.join(folder, "sockets");
  mkdirSync(sockets);
  chmodSync(sockets, 0o777);
  [primary, plain] = await Promise.all([
    startCluster(18, {
      ...tls.settings,
      listen_addresses: "127.0.0.1,::1",
      unix_socket_directories: sockets,
    }),
    startCluster(18),
  ]);
  const hba = [
    "hostnossl all only_tls all reject",
    "hostssl all only_plain all reject",
    "hostssl all certified all cert",
    "local all all scram-sha-256",
    "host replication all all scram-sha-256",
    "host all all all scram-sha-256",
  ];
  writeFileSync(path.join(primary.dataDir, "pg_hba.conf"), `${hba.join("\n")}\n`);
  for (const server of [primary, plain]) {
    const admin = postgres(server.url, { max: 1, onnotice: () => {} });
    await admin`select pg_reload_conf()`;
    for (const role of ["w", "only_tls", "only_plain", "certified"])
      await admin.unsafe(`create role ${role} login password '${secret}'`);
    await admin`create database w`;
    for (const name of names) await admin`create database ${admin(name)}`;
    await admin.end();
  }
  standby = await startStandby(primary, { name: "second", settings: tls.settings });
  await followed();
  prepareFiles(sockets);
});
afterAll(async () => {
  await Promise.all([standby?.destroy(), plain?.destroy()]);
  await primary?.destroy();
  tls?.remove();
  rmSync(folder, { recursive: true, force: true });
});

async function followed(): Promise<void> {
  const ends: Sql[] = [primary, standby].map(({ url }) => postgres(url, { max: 1, onnotice: () => {} }));
  const [first, second] = ends as [Sql, Sql];
  const [{ lsn = "" } = {}] = await first<{ lsn: string }[]>`select pg_current_wal_lsn()::text as lsn`;
  for (;;) {
    const [row] = await second<
      { there: boolean }[]
    >`select pg_last_wal_replay_lsn() >= ${lsn}::pg_lsn as there`;
    if (row?.there) break;
  }
  await Promise.all(ends.map((sql) => sql.end()));
}

function prepareFiles(sockets: string): void {
  const file = (name: string, text: string, mode = 0o600) => {
    const at = path.join(folder, name);
    writeFileSync(at, text, { mode });
    chmodSync(at, mode);
    return at;
  };
  const [p, s] = [primary.port, standby.port];
  const escaped = secret.replace(/[\\:]/g, "\\$&");
  const passwords = ["# ours", `127.0.0.1:${p}:other:w:wrong`, `*:${p}:*:w:${escaped}`, "*:*:*:*:wrong"];
  place = {
    W: encodeURIComponent(secret),
    P: String(p),
    S: String(s),
    N: String(plain.port),
    X: String(nobody),
    SOCKETS: sockets,
    SOCKET: encodeURIComponent(sockets),
    ROOT: encodeURIComponent(tls.root),
    STRANGER: encodeURIComponent(tls.stranger),
    CERT: encodeURIComponent(tls.client.cert),
    KEY: encodeURIComponent(tls.client.key),
    LOCKED: encodeURIComponent(tls.client.encrypted),
    OPENKEY: file("open.key", "readable by all", 0o644),
    PASSFILE: file("passwords", `${passwords.join("\n")}\n`),
    OPENPASS: file("open-passwords", `*:*:*:*:${escaped}\n`, 0o644),
    SERVICES: file(
      "services",
      `[other]\nport=1\n\n[audit]\nhost=127.0.0.1\nport=${p}\ndbname=my db\nuser=w\npassword=${secret}\nsslmode=disable\n`,
    ),
    BADSERVICES: file("bad-services", `[audit]\nhost=127.0.0.1\n${secret}\n`),
    HOME: folder,
  };
  mkdirSync(path.join(folder, ".postgresql"));
}

interface Case {
  url: string;
  environment?: Record<string, string>;
  /** What our refusal says. */
  says?: RegExp;
  /** Where we and psql part on purpose: why. */
  differs?: { ours: "refused" | "connected"; why: string };
}

const why = {
  driver: "the driver cannot do it, so it is refused by name instead of left undone",
  pinned: "the console reads texts as UTF-8 whatever the address says",
};

/** `{P}` and such stand for ports, files and the password. */
const cases: Case[] = [
  // Where and who.
  { url: "postgres://w:{W}@127.0.0.1:{P}/w" },
  { url: "postgresql://w:{W}@127.0.0.1:{P}/w" },
  { url: "postgres://w:{W}@127.0.0.1:{P}" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/" },
  { url: "postgres://w:{W}@[::1]:{P}/w" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/my%20db" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/my db", says: /space: write it as %20/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/%C3%BC" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/ü" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/a%2Fb" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/a/b" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/a%25b" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/a%252Fb" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/%22q%22" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/a%b", says: /% in the database name/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/nosuch", says: /"nosuch" does not exist/ },
  { url: "postgres://w:wrong@127.0.0.1:{P}/w", says: /password/ },
  { url: "postgres://w@127.0.0.1:{P}/w?password={W}" },
  { url: "postgres://nobody@nowhere:1/x?user=w&password={W}&host=127.0.0.1&port={P}&dbname=my%20db" },
  { url: "postgres://w:{W}@unresolved:{P}/w?hostaddr=127.0.0.1" },
  { url: "postgres://w:{W}@/w?hostaddr=127.0.0.1&port={P}" },
  { url: "postgres://w:{W}@127.0.0.1:99999/w", says: /port/ },
  { url: "postgres://w:{W}@127.0.0.1:{X}/w" },
  // Unix sockets, in both spellings.
  { url: "postgres://w:{W}@/w?host={SOCKETS}&port={P}" },
  { url: "postgres:///w?host={SOCKET}&port={P}&user=w&password={W}" },
  { url: "postgres://w:{W}@{SOCKET}:{P}/my%20db" },
  { url: "postgres://w:{W}@{SOCKET}:{P}/w?sslmode=require" },
  // Several hosts.
  { url: "postgres://w:{W}@127.0.0.1:{X},127.0.0.1:{P}/w" },
  { url: "postgres://w:{W}@127.0.0.1,127.0.0.1/w?port={X},{P}" },
  { url: "postgres://w:{W}@127.0.0.1:{X},127.0.0.1:{P}/w?port={P}" },
  { url: "postgres://w:{W}@127.0.0.1,127.0.0.1,127.0.0.1/w?port={X},{P}", says: /port names 2 ports for 3/ },
  { url: "postgres://w:{W}@127.0.0.1:{S},127.0.0.1:{P}/w?target_session_attrs=any" },
  { url: "postgres://w:{W}@127.0.0.1:{S},127.0.0.1:{P}/w?target_session_attrs=read-write" },
  { url: "postgres://w:{W}@127.0.0.1:{S},127.0.0.1:{P}/w?target_session_attrs=primary" },
  { url: "postgres://w:{W}@127.0.0.1:{P},127.0.0.1:{S}/w?target_session_attrs=read-only" },
  { url: "postgres://w:{W}@127.0.0.1:{P},127.0.0.1:{S}/w?target_session_attrs=standby" },
  { url: "postgres://w:{W}@127.0.0.1:{P},127.0.0.1:{S}/w?target_session_attrs=prefer-standby" },
  { url: "postgres://w:{W}@127.0.0.1:{P},127.0.0.1:{X}/w?target_session_attrs=prefer-standby" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?target_session_attrs=standby", says: /target_session_attrs/ },
  { url: "postgres://w:{W}@127.0.0.1:{S}/w?target_session_attrs=read-write", says: /target_session_attrs/ },
  {
    url: "postgres://w:{W}@127.0.0.1:{P}/w?target_session_attrs=master",
    says: /target_session_attrs must be/,
  },
  {
    url: "postgres://w:{W}@127.0.0.1:{P}/w?target_session_attrs=read-only&options=-c%20default_transaction_read_only%3Don",
  },
  { url: "postgres://w:{W}@127.0.0.1:{P},127.0.0.1:{X}/w?load_balance_hosts=random" },
  { url: "postgres://w:wrong@127.0.0.1:{P},127.0.0.1:{P}/w", says: /password/ },
  // Encryption.
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=disable" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=allow" },
  { url: "postgres://only_tls:{W}@127.0.0.1:{P}/w?sslmode=allow" },
  { url: "postgres://only_tls:{W}@127.0.0.1:{P}/w?sslmode=disable", says: /no encryption|pg_hba/ },
  { url: "postgres://only_tls:{W}@127.0.0.1:{P}/w" },
  { url: "postgres://only_plain:{W}@127.0.0.1:{P}/w?sslmode=prefer" },
  { url: "postgres://only_plain:{W}@127.0.0.1:{P}/w?sslmode=require" },
  { url: "postgres://w:{W}@127.0.0.1:{N}/w?sslmode=prefer" },
  { url: "postgres://w:{W}@127.0.0.1:{N}/w?sslmode=require", says: /no TLS, which sslmode=require demands/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?ssl=true" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=require&sslrootcert={STRANGER}" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=prefer&sslrootcert={STRANGER}" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=require&sslrootcert=/nowhere.crt" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=verify-ca", says: /sslrootcert/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=verify-ca&sslrootcert={ROOT}" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=verify-ca&sslrootcert={STRANGER}" },
  { url: "postgres://w:{W}@localhost:{P}/w?sslmode=verify-full&sslrootcert={ROOT}" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=verify-full&sslrootcert={ROOT}" },
  { url: "postgres://w:{W}@localhost:{P}/w?sslmode=verify-full&sslrootcert={ROOT}&hostaddr=127.0.0.1" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslrootcert=system" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=require&sslrootcert=system", says: /sslrootcert=system/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=bogus", says: /sslmode must be one of disable/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=require&sslnegotiation=direct" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslnegotiation=direct", says: /sslnegotiation/ },
  { url: "postgres://certified@127.0.0.1:{P}/w?sslcert={CERT}&sslkey={KEY}" },
  { url: "postgres://certified@127.0.0.1:{P}/w?sslcert={CERT}&sslkey={LOCKED}&sslpassword=opensesame" },
  {
    url: "postgres://certified@127.0.0.1:{P}/w?sslmode=require&sslcert={CERT}&sslkey={OPENKEY}",
    says: /sslkey.*chmod/,
  },
  {
    url: "postgres://certified@127.0.0.1:{P}/w?sslmode=require&sslcert={CERT}&sslkey=/no.key",
    says: /sslkey/,
  },
  { url: "postgres://certified@127.0.0.1:{P}/w?sslmode=require" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?ssl_min_protocol_version=TLSv1.3" },
  {
    url: "postgres://w:{W}@127.0.0.1:{P}/w?ssl_min_protocol_version=TLSv9",
    says: /ssl_min_protocol_version/,
  },
  // Other ways to know a password, and a service.
  { url: "postgres://w@127.0.0.1:{P}/w?passfile={PASSFILE}" },
  { url: "postgres://w@127.0.0.1:{P}/w", environment: { PGPASSFILE: "{PASSFILE}" } },
  { url: "postgres://w@127.0.0.1:{P}/w?passfile={OPENPASS}" },
  { url: "postgres://w@127.0.0.1:{N}/w?passfile={PASSFILE}" },
  { url: "postgres:///?service=audit", environment: { PGSERVICEFILE: "{SERVICES}" } },
  { url: "postgres:///a%25b?service=audit", environment: { PGSERVICEFILE: "{SERVICES}" } },
  { url: "postgres://?service=nosuch", environment: { PGSERVICEFILE: "{SERVICES}" }, says: /service nosuch/ },
  { url: "postgres:///?service=audit", environment: { PGSERVICEFILE: "{BADSERVICES}" }, says: /Line 3/ },
  {
    url: "postgres:///my%20db",
    environment: { PGHOST: "127.0.0.1", PGPORT: "{P}", PGUSER: "w", PGPASSWORD: secret },
  },
  // The session, and the socket beneath it.
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?options=-c%20work_mem%3D8MB" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?options=-c+work_mem%3D8MB" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?options=-c%20nosuch%3D1", says: /"nosuch"/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?work_mem=8MB", says: /connection parameter work_mem.*options/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?application_name=me&fallback_application_name=other" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?client_encoding=UTF8" },
  {
    url: "postgres://w:{W}@127.0.0.1:{P}/w?client_encoding=bogus",
    differs: { ours: "connected", why: why.pinned },
  },
  {
    url: "postgres://w:{W}@127.0.0.1:{P}/w?keepalives=1&keepalives_idle=30&keepalives_interval=5&keepalives_count=3",
  },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?keepalives=0&connect_timeout=5" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?connect_timeout=soon", says: /connect_timeout must be a whole/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?gssencmode=disable&channel_binding=prefer" },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?gssencmode=require", says: /gssencmode=require is not supported/ },
  {
    url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode=require&channel_binding=require",
    says: /channel_binding=require is not supported/,
    differs: { ours: "refused", why: why.driver },
  },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?channel_binding=maybe", says: /channel_binding must be/ },
  {
    url: "postgres://w:{W}@127.0.0.1:{P}/w?require_auth=scram-sha-256",
    says: /require_auth is not supported/,
    differs: { ours: "refused", why: why.driver },
  },
  {
    url: "postgres://w:{W}@127.0.0.1:{P}/w?tcp_user_timeout=5000",
    says: /tcp_user_timeout is not supported/,
    differs: { ours: "refused", why: why.driver },
  },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?nosuch=1", says: /connection parameter nosuch/ },
  { url: "postgres://w:{W}@127.0.0.1:{P}/w?sslmode", says: /sslmode has no value/ },
  { url: "postgres://w:{W}@[::1:{P}/w", says: /IPv6/ },
];

const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => place[name] ?? "");

async function askOurs(url: string, environment: Record<string, string>): Promise<string> {
  const sql = openClient(parseAddress(url, environment), "console", { max: 1, fetch_types: false });
  try {
    const [row] = await sql.unsafe<{ concat_ws: string }[]>(question);
    return row?.concat_ws ?? "";
  } finally {
    await sql.end({ timeout: 0 });
  }
}

/** The other driver, under the queue of jobs. */
async function askQueue(url: string, environment: Record<string, string>): Promise<string> {
  const pool = openQueuePool(parseAddress(url, environment), { listen: () => Promise.reject() });
  try {
    const { rows } = await pool.executeSql(question);
    return rows[0].concat_ws;
  } finally {
    await pool.close();
  }
}

interface Outcome {
  answer: string;
  refusal: string;
}

const outcomeOf = (asked: Promise<string>): Promise<Outcome> =>
  asked.then(
    (answer) => ({ answer, refusal: "" }),
    (thrown: Error & { hint?: string }) => ({
      answer: "refused",
      refusal: [thrown.message, thrown.hint].filter(Boolean).join(" "),
    }),
  );

describe("an address leads where psql goes with it", () => {
  test.each(cases)("$url", async ({ url: template, environment = {}, says, differs }) => {
    const url = fill(template);
    const given = Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, fill(text)]));
    const env = { HOME: folder, ...given };
    const [theirs, ours, queue] = await Promise.all([
      outcomeOf(askPsql(url, question, env)),
      outcomeOf((async () => askOurs(url, env))()),
      outcomeOf((async () => askQueue(url, env))()),
    ]);
    expect(queue.answer, `${queue.refusal} | ${ours.refusal}`).toBe(ours.answer);
    if (differs) {
      expect([theirs.answer === "refused", ours.answer === "refused"], theirs.refusal).toEqual(
        differs.ours === "refused" ? [false, true] : [true, false],
      );
    } else expect(ours.answer, `${ours.refusal} | ${theirs.refusal}`).toBe(theirs.answer);
    if (says) expect(ours.refusal).toMatch(says);
    if (ours.answer === "refused") {
      for (const shown of [secret, encodeURIComponent(secret)]) expect(ours.refusal).not.toContain(shown);
    }
  });
});

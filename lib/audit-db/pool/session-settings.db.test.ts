import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type TestDatabase } from "../../testing/database.ts";
import { startPooler } from "../../testing/pgbouncer.ts";
import { defaultPoolLimits } from "../limits.ts";
import type { Purpose } from "../purpose.ts";
import { explainFailedProbe } from "./driver-error.ts";
import { openClient } from "./open-client.ts";
import { createPool } from "./pool.ts";
import {
  checkedSettings,
  type SessionUse,
  sessionSettings,
  startupSettings,
  unpinnedSettings,
} from "./session-settings.ts";
import { understand } from "./understand.ts";

const uses: SessionUse[] = [
  "watch",
  "read",
  "write",
  "maintenance",
  "privacy",
  "explain",
  "migration",
  "console",
];

/** For each setting of the list a value that would do harm; of a switch, the other one. */
const adverse: Record<string, string> = {
  ...Object.fromEntries(
    sessionSettings.map(({ name }) => [name, startupSettings("watch")[name] === "on" ? "off" : "on"]),
  ),
  client_encoding: "LATIN1",
  DateStyle: "SQL, DMY",
  IntervalStyle: "iso_8601",
  TimeZone: "Asia/Kolkata",
  bytea_output: "escape",
  extra_float_digits: "-10",
  lc_monetary: "C.UTF-8",
  lc_numeric: "C.UTF-8",
  lc_time: "C.UTF-8",
  gin_fuzzy_search_limit: "3",
  role: "audit_reader",
  search_path: "evil",
  default_transaction_isolation: "serializable",
  synchronous_commit: "off",
  idle_session_timeout: "5s",
  statement_timeout: "5s",
  lock_timeout: "5s",
  idle_in_transaction_session_timeout: "5s",
  plan_cache_mode: "force_generic_plan",
  constraint_exclusion: "off",
};

describe.each([15, 18] as const)("a session on PostgreSQL %i", (server) => {
  let database: TestDatabase;
  let url: string;
  let role: string;
  beforeAll(async () => {
    database = await createDatabase({ server, template: "audit" });
    url = await database.login(["pg_monitor", "audit_reader", "audit_writer"]);
    role = new URL(url).username;
  });
  afterAll(() => database?.drop());

  const inDatabase = () => `alter role ${role} in database ${database.name}`;
  /** Puts every value in one place. @returns the URL to connect with */
  const places: Record<string, (values: Record<string, string>) => Promise<string>> = {
    "the role": (values) => alter(`alter role ${role}`, values),
    "the database": (values) => alter(`alter database ${database.name}`, values),
    "the role in the database": (values) => alter(inDatabase(), values),
    "the URL's options": async (values) => {
      const flags = Object.entries(values).map(
        ([name, value]) => `-c ${name}=${value.replaceAll(" ", "\\ ")}`,
      );
      return withParameters(url, { options: flags.join(" ") });
    },
  };
  async function alter(whose: string, values: Record<string, string>): Promise<string> {
    const texts = Object.entries(values).map(([name, value]) => `${whose} set ${name} = ${quote(value)}`);
    await database.sql.unsafe(texts.join(";"));
    return url;
  }
  const reset = () =>
    database.sql.unsafe(
      ["alter role ".concat(role), `alter database ${database.name}`, inDatabase()]
        .map((whose) => `${whose} reset all`)
        .join(";"),
    );

  test.each(Object.entries(places))(
    "has every setting of the list, whatever %s says",
    async (_place, put) => {
      for (const readOnly of ["on", "off"]) {
        const values = { ...adverse, default_transaction_read_only: readOnly };
        try {
          const target = await put(values);
          // Without the list all of them hold; of the encoding the driver itself sees to.
          const { client_encoding: _, ...others } = values as Record<string, string>;
          const plain = postgres(target, { max: 1, fetch_types: false });
          expect(await shown(plain, Object.keys(others))).toEqual(others);
          for (const use of uses.filter(
            (one) => startupSettings(one).default_transaction_read_only !== readOnly,
          ))
            expect(
              await shown(
                openClient(target, use, { max: 1, fetch_types: false }),
                Object.keys(startupSettings(use)),
              ),
              use,
            ).toEqual(startupSettings(use));
        } finally {
          await reset();
        }
      }
      expect(Object.keys(adverse).sort()).toEqual(sessionSettings.map(({ name }) => name).sort());
    },
  );

  test("takes no setting as a parameter of the address, in any spelling", () => {
    for (const name of Object.keys(adverse).filter((each) => each !== "client_encoding"))
      expect(() => openClient(withParameters(url, { [name]: "on" }), "watch", { max: 1 })).toThrow(
        `There is no connection parameter ${name}.`,
      );
  });

  test("with a setting the server does not know is refused by name", async () => {
    const pool = open(withParameters(url, { options: "-c nosuch=1" }), "watch");
    try {
      const refusal = await pool.use("test.one", (sql) => sql`select 1`).catch((thrown) => thrown);
      expect(explainFailedProbe(refusal)).toEqual({
        cause: "setting",
        reason: "the server does not know the setting nosuch in options",
      });
      // What a server before 14 says of our packet.
      const older = Object.assign(refusal, {
        message: String(refusal.message).replace("nosuch", "idle_session_timeout"),
      });
      expect(explainFailedProbe(older)?.reason).toMatch(/older than PostgreSQL 14/);
    } finally {
      await pool.close();
    }
  });

  test("is decided for every setting that a role can change", async () => {
    const rows = await database.sql<{ name: string }[]>`
      select name from pg_settings where context = 'user' and name not like '%.%'`;
    const left = unpinnedSettings.flatMap(({ names }) => names);
    const undecided = rows.filter(
      ({ name }) =>
        !sessionSettings.some((setting) => setting.name === name) &&
        !left.some((known) => (known.endsWith("*") ? name.startsWith(known.slice(0, -1)) : name === known)),
    );
    expect(undecided).toEqual([]);
  });

  test.each([
    ["write", true],
    ["maintenance", true],
    ["watch", false],
  ] as const)(
    "to %s, with triggers switched off by a superuser, is refused: %s",
    async (purpose, refused) => {
      await database.sql.unsafe(`alter role ${role} set session_replication_role = replica`);
      const pool = open(url, purpose);
      try {
        const answer = pool.use("test.one", (sql) => sql`select 1 as one`);
        if (!refused) expect(await answer).toEqual([{ one: 1 }]);
        else
          await expect(answer).rejects.toMatchObject({
            code: "UNSUPPORTED",
            message: expect.stringContaining("session_replication_role = replica"),
            hint: expect.stringContaining(`ALTER ROLE ${role} RESET session_replication_role;`),
          });
      } finally {
        await pool.close();
        await reset();
      }
      expect(checkedSettings.map(({ name }) => name)).toEqual(["session_replication_role"]);
    },
  );
});

describe("through a pooler that takes no setting of ours", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase({ template: "audit" });
  });
  afterAll(() => database?.drop());

  test.each([
    ["refuses them", {}],
    ["drops them", { ignore_startup_parameters: Object.keys(startupSettings("write")).join(",") }],
  ])(
    "and %s a write goes on until the role's own setting would change what is read",
    async (_how, settings) => {
      const url = await database.login(["audit_writer"]);
      const pooler = await startPooler(database, url, { pool_mode: "transaction", ...settings });
      const role = new URL(url).username;
      const ask = async () => {
        const pool = open(pooler.url, "write");
        try {
          return await pool.use(
            "test.settings",
            (sql) => sql`
          select current_setting('DateStyle') as "dateStyle", current_setting('bytea_output') as bytes`,
          );
        } finally {
          await pool.close();
        }
      };
      try {
        await database.sql.unsafe(`alter role ${role} set datestyle = 'SQL, DMY'`);
        expect(await ask()).toEqual([{ dateStyle: "ISO, YMD", bytes: "hex" }]);
        await database.sql.unsafe(`alter role ${role} set bytea_output = 'escape'`);
        // The pooler's own connections keep what they were opened with, until it has seen that they ended.
        await database.sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${role}`;
        await expect
          .poll(() => ask().catch((thrown) => thrown))
          .toMatchObject({
            code: "UNSUPPORTED",
            message: "The session has bytea_output = escape, with which answers would be wrong.",
          });
      } finally {
        await pooler.stop();
      }
    },
  );
});

/** What a client's session has; ends the client. */
async function shown(sql: Sql, names: string[]): Promise<Record<string, string>> {
  try {
    const columns = names.map((name) => `current_setting('${name}') as "${name}"`);
    const [row] = await sql.unsafe<Record<string, string>[]>(`select ${columns.join(", ")}`);
    return { ...row };
  } finally {
    await sql.end({ timeout: 1 });
  }
}

function open(url: string, purpose: Purpose) {
  return createPool({
    purpose,
    address: understand(url),
    limits: { ...defaultPoolLimits[purpose], max: 1 },
    applicationName: "settings-test",
  });
}

/** Lists stay lists; other values are one. */
function quote(value: string): string {
  return value.includes(", ") ? value : `'${value}'`;
}

function withParameters(url: string, parameters: Record<string, string>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(parameters)) changed.searchParams.set(name, value);
  return changed.href.replaceAll("+", "%20");
}

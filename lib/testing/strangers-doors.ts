import { answerRead } from "../api/answer-read.ts";
import { endpoints } from "../api/endpoints.ts";
import { closeTargets } from "../audit-db/registry.ts";
import { type Actor, systemActor } from "../auth/actor.ts";
import { createPartitions } from "../collector/roll-up/maintain-partitions.ts";
import { closeConsoleDb } from "../db/console-db.ts";
import { replaceEnv } from "../env.ts";
import type { reads } from "../reads.ts";
import type { Unavailable } from "../result.ts";
import { runRead } from "../run-read.ts";
import { openCommandLine } from "./command-line.ts";
import { createDatabase, type TestDatabase } from "./database.ts";
import { type Stranger, startStranger } from "./stranger.ts";
import type { StrangerOptions } from "./strangers-database.ts";

const viewer: Actor = { ...systemActor("test"), kind: "token", role: "viewer" };

/** The stranger's database as the target `audit`, and what each door answers of it to a viewer. */
export interface StrangersDoors {
  stranger: Stranger;
  console: TestDatabase;
  /** @throws when the answer is an error */
  read<T>(name: keyof typeof reads, input?: unknown): Promise<T>;
  /** `data` of the API's answer to this query. @throws when its status is not 200 */
  ask<T>(endpoint: keyof typeof endpoints, query?: Record<string, string>): Promise<T>;
  /** Why a read and the API cannot answer this here; both say the same. */
  whyNot(
    endpoint: keyof typeof endpoints,
    query: Record<string, string>,
    name: keyof typeof reads,
    input: unknown,
  ): Promise<(Unavailable | undefined)[]>;
  /** What the command line writes. @throws with what it said when its status is not 0 */
  run(...args: string[]): Promise<string>;
  close(): Promise<void>;
}

export async function openStrangersDoors(
  server: 15 | 18,
  options: StrangerOptions = {},
): Promise<StrangersDoors> {
  const [stranger, console] = await Promise.all([
    startStranger(server, options),
    createDatabase({ template: "console" }),
  ]);
  const variables = {
    AUDIT_DATABASE_URL: stranger.watchUrl,
    CONSOLE_DATABASE_URL: console.url,
    LOG_LEVEL: "silent",
  };
  const commandLine = openCommandLine();
  replaceEnv(variables);
  await createPartitions(console.sql, new Date());
  const run = async (name: keyof typeof reads, input: unknown) => {
    const answer = await runRead(viewer, { name, target: "audit", input });
    if (answer.ok) return answer;
    throw new Error(`${name}: ${answer.error.code} ${answer.error.message}`);
  };
  const call = async (endpoint: keyof typeof endpoints, query: Record<string, string>) => {
    const answer = await answerRead(endpoints[endpoint], {
      actor: viewer,
      url: `http://console/api?${new URLSearchParams(query)}`,
      parameters: { target: "audit" },
    });
    const body = await answer.json();
    if (answer.status === 200) return body;
    throw new Error(`${endpoint}: ${answer.status} ${body.detail}`);
  };
  return {
    stranger,
    console,
    read: async <T>(name: keyof typeof reads, input: unknown = {}) => (await run(name, input)).data as T,
    ask: async (endpoint, query = {}) => (await call(endpoint, query)).data,
    whyNot: async (endpoint, query, name, input) => [
      (await run(name, input)).unavailable,
      (await call(endpoint, query)).unavailable,
    ],
    async run(...args) {
      const { code, stdout, stderr } = await commandLine.run(args, { env: variables });
      if (code !== 0) throw new Error(`${args.join(" ")}: ${code} ${stderr}`);
      return stdout;
    },
    async close() {
      await Promise.all([commandLine.close(), closeTargets(), closeConsoleDb()]);
      await Promise.all([stranger.close(), console.drop()]);
    },
  };
}

import { randomUUID } from "node:crypto";
import type { Lead } from "../types.ts";
import type { Guard } from "./guard.ts";
import { channel, leadKey } from "./keys.ts";
import type { Message } from "./messages.ts";

/** Only whoever holds the lead may end it: it may have run out and be another's by now. */
const releaseScript = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0`;

/** Makes the caller the only one, in all processes, who runs a read; null: somebody else is; undefined: unknown. */
export async function takeLead(guard: Guard, key: string, forMs: number): Promise<Lead | null | undefined> {
  const holder = randomUUID();
  const place = leadKey(key);
  // Redis answers OK, or nothing where somebody stands.
  const taken = await guard.attempt(async (redis) => ({
    reply: await redis.set(place, holder, "PX", Math.ceil(forMs), "NX"),
  }));
  if (!taken) return undefined;
  if (taken.reply !== "OK") return null;
  return {
    async release() {
      const done: Message = { kind: "done", key };
      await guard.attempt((redis) => redis.eval(releaseScript, 1, place, holder));
      await guard.attempt((redis) => redis.publish(channel, JSON.stringify(done)));
    },
  };
}

export interface Waiting {
  /** True once whoever leads is done; false when it took too long. */
  wait(key: string, forMs: number): Promise<boolean>;
  done(key: string): void;
  end(): void;
}

/** Those who wait for another process's answer. */
export function createWaiting(): Waiting {
  const waiting = new Map<string, Set<(done: boolean) => void>>();
  const settle = (key: string, done: boolean) => {
    for (const resolve of waiting.get(key) ?? []) resolve(done);
  };
  return {
    wait(key, forMs) {
      const those = waiting.get(key) ?? new Set();
      waiting.set(key, those);
      return new Promise((resolve) => {
        const finish = (done: boolean) => {
          clearTimeout(timer);
          those.delete(finish);
          if (those.size === 0) waiting.delete(key);
          resolve(done);
        };
        const timer = setTimeout(finish, forMs, false);
        those.add(finish);
      });
    },
    done: (key) => settle(key, true),
    end() {
      for (const key of [...waiting.keys()]) settle(key, false);
    },
  };
}

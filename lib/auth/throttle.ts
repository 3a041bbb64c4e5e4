import { createHash } from "node:crypto";
import { isIPv6 } from "node:net";
import { lt } from "drizzle-orm";
import { RateLimiterDrizzle, type RateLimiterRes } from "rate-limiter-flexible";
import type { Queryable } from "../db/console-db.ts";
import { schema } from "../db/schema.ts";
import { AppError } from "../errors.ts";

const windowMinutes = 15;
/**
 * Guesses in a quarter hour. An address may stand for a whole office behind one proxy, so it has more than an account;
 * a browser that this account signed in from before counts by itself, so that strangers cannot lock its owner out.
 */
const guessLimits = { account: 5, address: 50, device: 10 } as const;
type Scope = keyof typeof guessLimits;

/** Who guesses at what. */
export interface Guess {
  /** What is guessed at: an e-mail address, whether there is such an account or not. */
  account: string;
  address: string | null;
  /** The known browser of this account it comes from (`knownDevice`). */
  device?: string | null;
}

export interface CountedGuess {
  /** Guesses in this quarter hour, this one included. */
  count: number;
  /** Whether the next one will be refused. */
  last: boolean;
  /** For a guess that was right: it counts for nobody. */
  takeBack(): Promise<void>;
}

/**
 * Counts a guess before anything is verified, in the console database for all processes at once: of any number at the
 * same time no more than the limit come through.
 * @throws AppError RATE_LIMITED when the account, the address or the device has none left
 */
export async function countGuess(db: Queryable, guess: Guess): Promise<CountedGuess> {
  const { account, address, device } = guess;
  const counted: [Scope, string][] = device
    ? [["device", device]]
    : // The address first: one that is refused does not use up the account's.
      [...(address ? [["address", network(address)] as [Scope, string]] : []), ["account", account]];
  const answers: RateLimiterRes[] = [];
  for (const [scope, subject] of counted) answers.push(await consume(db, scope, subject));
  return {
    count: answers.at(-1)?.consumedPoints ?? 1,
    last: answers.some(({ remainingPoints }) => remainingPoints === 0),
    async takeBack() {
      for (const [scope, subject] of counted) await limiter(db, scope).reward(digest(subject));
    },
  };
}

/** Lets an account be guessed at anew. */
export async function forgetGuesses(db: Queryable, account: string): Promise<void> {
  await limiter(db, "account").delete(digest(account));
}

/** How long the answer to this many wrong guesses is held back: 0, 250, 500, 1,000, then 2,000 ms. */
export function backOffMs(count: number): number {
  return count < 2 ? 0 : Math.min(250 * 2 ** (count - 2), 2_000);
}

/** Drops the counts of quarter hours that are over. */
export async function pruneGuesses(db: Queryable, now: Date): Promise<void> {
  await db.delete(schema.signInGuesses).where(lt(schema.signInGuesses.expire, now));
}

/** @throws AppError RATE_LIMITED */
async function consume(db: Queryable, scope: Scope, subject: string): Promise<RateLimiterRes> {
  try {
    return await limiter(db, scope).consume(digest(subject));
  } catch (thrown) {
    // The limiter says no by throwing its answer, which is no Error.
    if (thrown instanceof Error) throw thrown;
    const { msBeforeNext } = thrown as RateLimiterRes;
    throw new AppError(
      "RATE_LIMITED",
      `Too many failed attempts. Wait ${windowMinutes} minutes, then try again.`,
      {
        retryAfterSeconds: Math.max(1, Math.ceil(msBeforeNext / 1_000)),
      },
    );
  }
}

function limiter(db: Queryable, scope: Scope): RateLimiterDrizzle {
  return new RateLimiterDrizzle({
    storeClient: db,
    schema: schema.signInGuesses,
    keyPrefix: scope,
    points: guessLimits[scope],
    duration: windowMinutes * 60,
    clearExpiredByTimeout: false,
  });
}

/** No e-mail and no address of strangers is kept. */
function digest(subject: string): string {
  return createHash("sha256").update(subject.trim().toLowerCase()).digest("hex");
}

/** Whoever has one IPv6 address has its whole /64. */
function network(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const groups = (text: string) => (text ? text.split(":") : []);
  const absent = tail === undefined ? 0 : Math.max(0, 8 - groups(head).length - groups(tail).length);
  const all = [...groups(head), ...Array<string>(absent).fill("0"), ...groups(tail ?? "")];
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":")}::/64`;
}

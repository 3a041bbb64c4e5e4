import type { ZxcvbnFactory } from "@zxcvbn-ts/core";

/** Below this many guesses is what zxcvbn calls very guessable: scores 0 and 1. */
const enoughGuesses = 1e6;
/** A password that begins so badly is refused for it. 33 ms at worst (250 for 256 characters). */
const checkedLength = 64;
/** What people write here, of all places. */
const ownWords = ["admin", "audit", "auditdashboard", "console", "correcthorsebatterystaple", "postgres"];

let estimator: Promise<ZxcvbnFactory> | undefined;

/**
 * Whether somebody who knows how people choose would be through with this after a million guesses: leaked passwords,
 * keyboard walks, sequences, and those repeated.
 */
export async function isGuessable(password: string): Promise<boolean> {
  estimator ??= createEstimator();
  return (await estimator).check(password).guesses < enoughGuesses;
}

/** 50,000 words, loaded when a password is first chosen: 60 ms and 7 MB. Words of diceware are left out: four make a good one. */
async function createEstimator(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
    import("@zxcvbn-ts/core"),
    import("@zxcvbn-ts/language-common"),
  ]);
  return new ZxcvbnFactory({
    dictionary: { leaked: dictionary["passwords-common"], own: ownWords },
    graphs: adjacencyGraphs,
    maxLength: checkedLength,
  });
}

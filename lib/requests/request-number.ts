import { z } from "zod";

const words = "must be the number of a request";

/** What people call a request by. */
export const requestNumber = z.int(words).positive(words);

/** For reads: by its number, or by the id that jobs and links know. */
export const requestRef = z.union([requestNumber, z.uuid(words)], words);

/** Its version as it was shown: sent along, nobody acts on what somebody else changed meanwhile. */
export const versionInput = z.int().positive().optional();

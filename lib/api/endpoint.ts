import type { z } from "zod";
import type { reads } from "../reads.ts";
import { parseQuery } from "./parse-query.ts";

export type ReadName = keyof typeof reads;

/** One resource of the API: which read answers it, what it takes from the URL, and what its data look like. */
export interface Endpoint {
  /** As in OpenAPI, e.g. `/api/v1/targets/{target}/overview`. */
  path: string;
  summary: string;
  read: ReadName;
  /** Path parameters besides the target. */
  parameters?: Record<string, z.ZodType>;
  query: z.ZodObject;
  /** The read's input from the URL's query and the path's parameters. @throws AppError BAD_INPUT */
  readInput(query: URLSearchParams, parameters: Record<string, string>): unknown;
  answer: z.ZodType;
}

/** An endpoint whose `toInput` knows the type of its query. */
export function defineEndpoint<Query extends z.ZodObject>(
  endpoint: Omit<Endpoint, "query" | "readInput"> & {
    query: Query;
    toInput(query: z.infer<Query>, parameters: Record<string, string>): unknown;
  },
): Endpoint {
  const { toInput, ...rest } = endpoint;
  return {
    ...rest,
    readInput: (query, parameters) => toInput(parseQuery(endpoint.query, query), parameters),
  };
}

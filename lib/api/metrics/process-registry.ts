import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import manifest from "../../../package.json" with { type: "json" };

interface ProcessMetrics {
  registry: Registry;
  apiSeconds: Histogram<"operation" | "status">;
}

const held = globalThis as typeof globalThis & { auditDashboardMetrics?: ProcessMetrics };

/** What lives as long as this process: its own CPU and memory, and how long the API took. */
export function processMetrics(): ProcessMetrics {
  held.auditDashboardMetrics ??= create();
  return held.auditDashboardMetrics;
}

function create(): ProcessMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: "audit_db_build_info",
    help: "Version of the console and of Node.js; always 1",
    labelNames: ["version", "node"],
    registers: [registry],
  }).set({ version: manifest.version, node: process.version }, 1);
  const apiSeconds = new Histogram({
    name: "audit_db_api_request_duration_seconds",
    help: "Time to answer a request to /api/v1, by operation and status",
    labelNames: ["operation", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return { registry, apiSeconds };
}

/** Answers with `answer` and counts how long that took. */
export async function timed(operation: string, answer: () => Promise<Response>): Promise<Response> {
  const began = performance.now();
  const response = await answer();
  const seconds = (performance.now() - began) / 1_000;
  processMetrics().apiSeconds.observe({ operation, status: response.status }, seconds);
  return response;
}

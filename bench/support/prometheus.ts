import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "../../lib/testing/cluster.ts";
import { processCpuMs } from "./process-cpu.ts";

const scrapeSeconds = 60;
const ruleSeconds = 2;

/** Debian's Prometheus with series of `exposition`, scraped each minute, and rules evaluated every 2 s. */
export async function startPrometheus(exposition: string, rules: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), "audit-bench-prometheus-"));
  const source = createServer((_request, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(exposition);
  });
  source.listen(0, "127.0.0.1");
  await once(source, "listening");
  const { port: sourcePort } = source.address() as { port: number };
  const port = await freePort();
  writeFileSync(
    path.join(folder, "rules.json"),
    JSON.stringify({
      groups: [{ name: "bench", rules: rules.map((expr, i) => ({ alert: `check_${i}`, expr, for: "0s" })) }],
    }),
  );
  // YAML reads JSON.
  writeFileSync(
    path.join(folder, "prometheus.yml"),
    JSON.stringify({
      global: { scrape_interval: `${scrapeSeconds}s`, evaluation_interval: `${ruleSeconds}s` },
      rule_files: [path.join(folder, "rules.json")],
      scrape_configs: [{ job_name: "bench", static_configs: [{ targets: [`127.0.0.1:${sourcePort}`] }] }],
    }),
  );
  const server = spawn(
    "prometheus",
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: "ignore" },
  );
  const exited = once(server, "exit");
  const figure = async (name: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    const line = text.split("\n").find((each) => each.startsWith(name));
    return Number(line?.split(" ").at(-1) ?? Number.NaN);
  };
  return {
    /** How many alerts fire. */
    async firing(): Promise<number> {
      const answer = await fetch(
        `http://127.0.0.1:${port}/api/v1/query?query=count(ALERTS{alertstate="firing"})`,
      );
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
      return Number(data.result[0]?.value[1] ?? 0);
    },
    /** CPU of one evaluation of every rule, in ms, over evaluations between two scrapes. */
    async evaluationCpuMs(evaluations: number): Promise<number> {
      const begun = () => figure("prometheus_rule_group_iterations_total");
      const [cpu, count] = [processCpuMs(server.pid ?? 0), await begun()];
      await new Promise((resolve) => setTimeout(resolve, evaluations * ruleSeconds * 1_000));
      return (processCpuMs(server.pid ?? 0) - cpu) / ((await begun()) - count);
    },
    async stop(): Promise<void> {
      server.kill("SIGTERM");
      await exited;
      source.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

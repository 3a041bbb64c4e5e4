import { gzipSync } from "node:zlib";
import setup from "../e2e/support/setup.ts";
import { enterWorld, world } from "../e2e/support/world.ts";
import { openBrowser, openSignedIn } from "./support/browser.ts";
import { report, step } from "./support/report.ts";
import { routes } from "./support/routes.ts";

/**
 * First-load JavaScript of each route: every script the served HTML names, gzipped one by one. What is loaded
 * later (charts, dialogs) is not in it, and is printed beside it.
 */
const limitBytes = 200 * 1_000;

const teardown = await setup();
await enterWorld("worker 0");
try {
  const { address } = world();
  const browser = await openBrowser();
  const page = await openSignedIn(browser, world());
  const sizes = new Map<string, Promise<number>>();
  const gzipSize = (src: string) => {
    const known =
      sizes.get(src) ??
      fetch(new URL(src, address)).then(async (r) => gzipSync(Buffer.from(await r.arrayBuffer())).length);
    sizes.set(src, known);
    return known;
  };
  const totals: { route: string; bytes: number }[] = [];
  for (const route of routes) {
    const html = await (await page.request.get(route)).text();
    // Browsers that know modules, which is all of them, never load what is marked nomodule.
    const scripts = [...html.matchAll(/<script[^>]+src="([^"]+)"[^>]*>/g)].filter(
      ([tag]) => !/nomodule/i.test(tag),
    );
    const named = new Set(scripts.map((match) => match[1] ?? ""));
    const first = await sum([...named].map(gzipSize));
    const loaded = new Set<string>();
    page.on(
      "response",
      (r) => r.request().resourceType() === "script" && loaded.add(new URL(r.url()).pathname),
    );
    await page.goto(route, { waitUntil: "networkidle" }).catch(() => {});
    page.removeAllListeners("response");
    const later = await sum(
      [...loaded].filter((path) => ![...named].some((src) => src.startsWith(path))).map(gzipSize),
    );
    step(`${route}: ${kB(first)} first, ${kB(later)} later`);
    totals.push({ route, bytes: first });
  }
  await browser.close();
  const largest = totals.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  report({
    name: "js-size",
    ratio: largest.bytes / limitBytes,
    aim: "<= 1.00",
    ours: `${kB(largest.bytes)} gzip on ${largest.route}, the largest of ${totals.length} routes`,
    other: `limit ${kB(limitBytes)}`,
  });
} finally {
  await teardown();
}

async function sum(sizes: Promise<number>[]): Promise<number> {
  return (await Promise.all(sizes)).reduce((a, b) => a + b, 0);
}

function kB(bytes: number): string {
  return `${(bytes / 1_000).toFixed(0)} kB`;
}

import type { CacheStep, CacheWaterfall, RedisStep } from "@/lib/caches/types.ts";
import { formatBytes, formatMs, formatNumber, formatRatio } from "@/lib/client/format.ts";

/** One drawn step. Shares are of the width that all steps of its unit start from. */
export interface WaterfallStep {
  key: "queryCache" | "redis" | "sharedBuffers" | "disk";
  title: string;
  /** What it is, in a few words. */
  what: string;
  /** What it did, in figures. */
  figures: string;
  /** The same where there is little room. */
  brief: string;
  /** 0–1: where its bar begins, and where what it answered ends; what is right of that flows on. */
  from: number;
  answeredTo: number;
  state: "answers" | "passes" | "pays" | "unknown" | "idle";
  /** Its figures are of before: it answers nothing now. */
  dimmed?: boolean;
}

/** The four steps in the order a read passes them; what is not known stays unknown. */
export function waterfallSteps(data: CacheWaterfall): WaterfallStep[] {
  const { queryCache, sharedBuffers, disk } = data;
  const first = shareOf(queryCache);
  const second = shareOf(sharedBuffers);
  return [
    {
      key: "queryCache",
      title: "Query cache",
      what: "the console's own answers, in memory",
      figures: stepFigures(queryCache, "reads"),
      brief: stepBrief(queryCache),
      from: 0,
      answeredTo: first ?? 0,
      state: stateOf(queryCache),
    },
    redisStep(data, first ?? 0),
    {
      key: "sharedBuffers",
      title: "shared_buffers",
      what: `${formatBytes(data.sharedBuffersBytes)} of the server's memory, for everybody`,
      figures: stepFigures(sharedBuffers, "blocks"),
      brief: stepBrief(sharedBuffers),
      from: 0,
      answeredTo: second ?? 0,
      state: stateOf(sharedBuffers),
    },
    {
      key: "disk",
      title: "Disk or system cache",
      what: "what nothing before it held",
      figures: diskFigures(sharedBuffers, data.blockSizeBytes, disk.meanMs),
      brief: diskBrief(sharedBuffers, data.blockSizeBytes),
      from: second ?? 0,
      answeredTo: 1,
      state: sharedBuffers === null ? "unknown" : sharedBuffers.passed > 0 ? "pays" : "idle",
    },
  ];
}

const awayWords: Partial<Record<RedisStep["state"], string>> = {
  down: "away, passes everything on",
  partly: "away for some processes",
};

/** Begins where the query cache's answers end; what it answered is a part of what was passed on to it. */
function redisStep({ redis }: CacheWaterfall, from: number): WaterfallStep {
  const known = {
    key: "redis",
    title: "Redis",
    what: "second level, shared between processes",
    from,
    answeredTo: from,
    state: "passes",
  } as const;
  if ("code" in redis)
    return { ...known, figures: "not configured, passes everything on", brief: "not configured" };
  const { step } = redis;
  const away = awayWords[redis.state];
  const share = shareOf(step);
  if (step === null || share === null)
    return {
      ...known,
      figures: away ?? stepFigures(step, "reads"),
      brief: away ? "away" : stepBrief(step),
      state: away ? "passes" : stateOf(step),
    };
  return {
    ...known,
    figures: away ? `${away} · ${stepFigures(step, "reads")}` : stepFigures(step, "reads"),
    brief: away ? `away · ${stepBrief(step)}` : stepBrief(step),
    answeredTo: from + share * (1 - from),
    state: "answers",
    dimmed: away !== undefined,
  };
}

function shareOf(step: CacheStep | null): number | null {
  const all = step ? step.answered + step.passed : 0;
  return step && all > 0 ? step.answered / all : null;
}

function stateOf(step: CacheStep | null): WaterfallStep["state"] {
  if (step === null) return "unknown";
  return step.answered + step.passed > 0 ? "answers" : "idle";
}

function stepFigures(step: CacheStep | null, unit: string): string {
  if (step === null) return "not sampled in this range";
  const all = step.answered + step.passed;
  if (all === 0) return `no ${unit} asked for`;
  return `${formatRatio(step.answered / all)} answered · ${formatNumber(step.answered)} of ${formatNumber(all)} ${unit}`;
}

function stepBrief(step: CacheStep | null): string {
  if (step === null) return "not sampled";
  const all = step.answered + step.passed;
  return all === 0 ? "nothing asked for" : `${formatRatio(step.answered / all)} of ${formatNumber(all)}`;
}

function diskBrief(step: CacheStep | null, blockSizeBytes: number): string {
  if (step === null) return "not sampled";
  if (step.passed === 0) return "nothing";
  return `${formatRatio(step.passed / (step.answered + step.passed))}, ${formatBytes(step.passed * blockSizeBytes)}`;
}

function diskFigures(step: CacheStep | null, blockSizeBytes: number, meanMs: number | null): string {
  if (step === null) return "not sampled in this range";
  if (step.passed === 0) return "nothing got here";
  const parts = [
    `${formatRatio(step.passed / (step.answered + step.passed))} of blocks`,
    formatBytes(step.passed * blockSizeBytes),
    meanMs === null ? "time not measured" : `${formatMs(meanMs)} a block`,
  ];
  return parts.join(" · ");
}

/** "Samples cover 23 m of 1 h", when they do not cover nearly all of it. */
export function coverageWords(step: CacheStep | null, windowSeconds: number): number | null {
  if (step === null || step.coveredSeconds >= windowSeconds * 0.95) return null;
  return step.coveredSeconds;
}

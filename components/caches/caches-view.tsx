"use client";

import { BufferHitsPanel } from "./buffer-hits-panel.tsx";
import { BufferUsagePanel } from "./buffer-usage-panel.tsx";
import { ContentsPanel } from "./contents-panel.tsx";
import { IoPanel } from "./io-panel.tsx";
import { QueryCachePanel } from "./query-cache-panel.tsx";
import { ReadLatencyPanel } from "./read-latency-panel.tsx";
import { RedisPanel } from "./redis-panel.tsx";
import { RelationsPanel } from "./relations-panel.tsx";
import { SettingsPanel } from "./settings-panel.tsx";
import { WaterfallPanel } from "./waterfall-panel.tsx";

/** "What reaches the disk?": the waterfall, each step over time, what the query cache holds, then who asks: tables, indexes, processes. */
export function CachesView() {
  return (
    <div className="grid min-w-0 gap-4">
      <WaterfallPanel />
      <div className="grid gap-4 lg:grid-cols-2 xl:grid-cols-3">
        <BufferHitsPanel />
        <ReadLatencyPanel />
        <QueryCachePanel />
      </div>
      <RedisPanel />
      <ContentsPanel />
      <RelationsPanel />
      <IoPanel />
      <div className="grid gap-4 lg:grid-cols-2">
        <BufferUsagePanel />
        <SettingsPanel />
      </div>
    </div>
  );
}

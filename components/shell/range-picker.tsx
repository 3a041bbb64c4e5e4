"use client";

import { CalendarClock, ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { useFirstSample } from "@/components/charts/use-chart-span.ts";
import { Button } from "@/components/ui/button.tsx";
import { Switch } from "@/components/ui/checkbox.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Field, Input } from "@/components/ui/input.tsx";
import { Popover } from "@/components/ui/popover.tsx";
import { formatClock, formatDay, formatMoment } from "@/lib/client/format-time.ts";
import { fromInputValue, toInputValue } from "@/lib/client/input-time.ts";
import { useNow } from "@/lib/client/now.ts";
import { rangeLabels, ranges } from "@/lib/client/ranges.ts";
import { setTimeZone, useTimeZone } from "@/lib/client/time-zone.ts";
import { useTimeRange, useWholeRange } from "@/lib/client/url-state.ts";

/** The page's time range: six relative ones, a custom one, and the zone times are shown in. */
export function RangePicker() {
  const range = useTimeRange();
  const zone = useTimeZone();
  const [open, setOpen] = useState(false);
  const { input } = range;
  const words =
    "range" in input
      ? rangeLabels[input.range]
      : `${formatDay(input.from, zone)} ${formatClock(input.from, zone)} – ${formatMoment(input.to, input.from.getTime(), zone)}`;
  const brief = "range" in input ? input.range : "custom";
  const { whole, setWhole } = useWholeRange();
  const now = useNow(60_000);
  const first = useFirstSample();
  const [fromMs, toMs] = range.ends(now ?? 0);
  const cut = now !== null && first !== null && first > fromMs && first < toMs;
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label="Time range"
      className="w-76 p-2"
      trigger={
        <button
          type="button"
          className="flex h-8 items-center gap-1.5 rounded-md border border-hairline-strong bg-panel px-2.5 text-sm hover:bg-hover data-[state=open]:bg-hover"
        >
          <CalendarClock aria-hidden className="hidden size-4 text-muted sm:block" />
          <span className="sr-only">Time range: </span>
          <span className="hidden sm:inline">{words}</span>
          {cut && !whole && (
            <span className="hidden text-faint lg:inline">since {formatMoment(first, now, zone)}</span>
          )}
          <span className="sm:hidden">{brief}</span>
          <ChevronDown aria-hidden className="size-3.5 text-faint" />
        </button>
      }
    >
      <div className="grid grid-cols-2 gap-0.5">
        {ranges.map((choice) => (
          <button
            key={choice}
            type="button"
            aria-pressed={range.choice === choice}
            onClick={() => {
              range.setChoice(choice);
              setOpen(false);
            }}
            className={cn(
              "h-8 rounded-md px-2 text-left text-sm",
              range.choice === choice ? "bg-accent-soft font-medium text-accent" : "hover:bg-hover",
            )}
          >
            {rangeLabels[choice]}
          </button>
        ))}
      </div>
      {cut && (
        <div className="mt-2 grid gap-1 border-t border-hairline px-2 pt-2 text-sm">
          <Switch label="Show the range before it too" checked={whole} onChange={setWhole} />
          <p className="text-xs text-faint">
            Collecting began at {formatMoment(first, now, zone)}: charts begin with the first sample.
          </p>
        </div>
      )}
      <CustomRange key={`${zone} ${open}`} onDone={() => setOpen(false)} />
      <fieldset className="mt-2 flex items-center justify-between gap-2 border-t border-hairline px-2 pt-2 text-sm">
        <legend className="sr-only">Show times in</legend>
        <span className="text-muted">Show times in</span>
        <span className="inline-flex rounded-md bg-inset p-0.5">
          {(["utc", "local"] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={zone === each}
              onClick={() => setTimeZone(each)}
              className={cn(
                "h-6 rounded-sm px-2.5 text-xs font-medium",
                zone === each ? "bg-panel text-ink ring-1 ring-hairline-strong" : "text-muted",
              )}
            >
              {each === "utc" ? "UTC" : "Local"}
            </button>
          ))}
        </span>
      </fieldset>
    </Popover>
  );
}

function CustomRange({ onDone }: { onDone: () => void }) {
  const range = useTimeRange();
  const zone = useTimeZone();
  const [[from, to], setEnds] = useState(() => {
    const [fromMs, toMs] = range.ends(Date.now());
    return [toInputValue(fromMs, zone), toInputValue(toMs, zone)];
  });
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  function apply() {
    const start = fromInputValue(from ?? "", zone);
    const end = fromInputValue(to ?? "", zone);
    if (!start || !end) return setProblem("Give both ends.");
    if (start >= end) return setProblem("The start must be before the end.");
    if (end.getTime() - start.getTime() > 400 * 86_400_000) return setProblem("At most 400 days.");
    range.setCustom(start, end);
    onDone();
  }
  return (
    <form
      className="mt-2 grid gap-2 border-t border-hairline px-2 pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Field label={`From (${zone === "utc" ? "UTC" : "local"})`} htmlFor={`${id}-from`}>
        <Input
          id={`${id}-from`}
          type="datetime-local"
          step={60}
          value={from}
          onChange={(event) => setEnds([event.target.value, to ?? ""])}
        />
      </Field>
      <Field label="To" htmlFor={`${id}-to`} {...(problem && { problem })}>
        <Input
          id={`${id}-to`}
          type="datetime-local"
          step={60}
          value={to}
          onChange={(event) => setEnds([from ?? "", event.target.value])}
        />
      </Field>
      <Button type="submit" size="sm" variant="primary">
        Show this range
      </Button>
    </form>
  );
}

"use client";

import { useRef } from "react";
import { useWidth } from "@/components/charts/use-width.ts";
import type { WaterfallStep } from "./waterfall-steps.ts";

const headHeight = 20;
const barHeight = 22;
const flowHeight = 16;
const seamHeight = 34;

/** Steps of one unit share a width; the seam between the units begins a new one. */
const seamBefore: WaterfallStep["key"] = "sharedBuffers";
export const waterfallHeight = 4 * (headHeight + barHeight) + 3 * flowHeight + seamHeight - flowHeight + 4;

interface WaterfallProps {
  steps: readonly WaterfallStep[];
  label: string;
}

/** Each step's bar is what it answered; the rest flows down to the next; what is left at the end is the cost. */
export function Waterfall({ steps, label }: WaterfallProps) {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const words = steps.map((step) => `${step.title}: ${step.figures}`).join(". ");
  let top = 0;
  const laid = steps.map((step) => {
    if (step.key === seamBefore) top += seamHeight - flowHeight;
    const y = top;
    top += headHeight + barHeight + flowHeight;
    return { step, y };
  });
  return (
    <div ref={box} style={{ height: waterfallHeight }}>
      {width > 0 && (
        <svg
          data-chart
          role="img"
          aria-label={`${label}. ${words}`}
          width={width}
          height={waterfallHeight}
          className="block"
        >
          {laid.map(({ step, y }, index) => (
            <g key={step.key}>
              {step.key === seamBefore && <Seam y={y - seamHeight + 6} width={width} />}
              <Step step={step} y={y} width={width} flows={flowsOn(step, laid[index + 1]?.step)} />
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

function flowsOn(step: WaterfallStep, next: WaterfallStep | undefined): boolean {
  return (
    next !== undefined && next.key !== seamBefore && (step.state === "answers" || step.state === "passes")
  );
}

function Step({ step, y, width, flows }: { step: WaterfallStep; y: number; width: number; flows: boolean }) {
  const barTop = y + headHeight;
  const from = Math.min(width - 3, step.from * width);
  // Whatever is passed on stays visible, however little.
  const most = step.answeredTo < 1 ? width - 2 : width;
  const split = step.state === "answers" ? Math.min(most, step.answeredTo * width) : from;
  const narrow = width < 620;
  return (
    <g>
      <text y={y + 13} fontSize={13} fontWeight={600} fill="var(--ink)">
        {step.title}
        {!narrow && (
          <tspan dx={8} fontSize={12} fontWeight={400} fill="var(--faint)">
            {step.what}
          </tspan>
        )}
      </text>
      <text
        x={width}
        y={y + 13}
        fontSize={narrow ? 11 : 12}
        textAnchor="end"
        fill={step.state === "unknown" ? "var(--faint)" : "var(--muted)"}
      >
        {narrow ? step.brief : step.figures}
      </text>
      <rect y={barTop} width={width} height={barHeight} rx={3} fill="var(--inset)" />
      {step.state === "answers" && (
        <>
          <rect
            x={from}
            y={barTop}
            width={Math.max(0, split - from)}
            height={barHeight}
            rx={3}
            fill="var(--series-3)"
            fillOpacity={step.dimmed ? 0.4 : 1}
          />
          <rect
            x={split}
            y={barTop}
            width={width - split}
            height={barHeight}
            fill="var(--series-6)"
            fillOpacity={0.4}
          />
        </>
      )}
      {step.state === "passes" && (
        <rect
          x={from + 0.5}
          y={barTop + 0.5}
          width={Math.max(2, width - from - 1)}
          height={barHeight - 1}
          fill="var(--series-6)"
          fillOpacity={0.14}
          stroke="var(--control)"
          strokeDasharray="3 3"
        />
      )}
      {step.state === "pays" && (
        <rect x={from} y={barTop} width={width - from} height={barHeight} rx={1.5} fill="var(--series-6)" />
      )}
      {flows && (
        <rect
          x={step.state === "answers" ? split : from}
          y={barTop + barHeight}
          width={step.answeredTo < 1 ? Math.max(2, width - (step.state === "answers" ? split : from)) : 0}
          height={headHeight + flowHeight}
          fill="var(--series-6)"
          fillOpacity={0.09}
        />
      )}
    </g>
  );
}

/** Where the unit changes: the console's reads become part of everybody's blocks. */
function Seam({ y, width }: { y: number; width: number }) {
  const words =
    width < 620
      ? "below: blocks, of every application"
      : "below, the unit is blocks: the console's queries are a small part of what every application asks for";
  return (
    <g>
      <line x1={0} x2={width} y1={y + 8} y2={y + 8} stroke="var(--hairline-strong)" strokeDasharray="2 4" />
      <rect x={0} y={y} width={words.length * 5.25 + 10} height={16} fill="var(--panel)" />
      <text x={0} y={y + 12} fontSize={11} fill="var(--faint)">
        {words}
      </text>
    </g>
  );
}

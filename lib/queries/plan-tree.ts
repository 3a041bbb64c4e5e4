import { quoteIdentifier, quoteQualified } from "../quote-sql.ts";
import { redactQuery } from "../redact/redact-query.ts";

/** One node of a plan; figures are the planner's estimates. */
export interface PlanNode {
  /** e.g. `Index Scan`, `Append`. */
  node: string;
  /** Schema-qualified where the server says so, in quotes where it needs them. */
  relation: string | null;
  alias: string | null;
  index: string | null;
  startupCost: number;
  totalCost: number;
  rows: number;
  widthBytes: number;
  /** Share of the whole plan's cost this node adds itself, 0–1. */
  ownCostShare: number;
  /** Conditions, join type, sort keys: label and text. */
  details: [string, string][];
  children: PlanNode[];
}

const longestDetail = 4_000;

type Json = Record<string, unknown>;

const detailKeys = [
  "Join Type",
  "Strategy",
  "Operation",
  "Index Cond",
  "Recheck Cond",
  "Hash Cond",
  "Merge Cond",
  "Join Filter",
  "Filter",
  "Sort Key",
  "Group Key",
  "Workers Planned",
  "Subplans Removed",
  "CTE Name",
  "Function Name",
  "Subplan Name",
];

/** The typed tree of EXPLAIN (FORMAT JSON)'s answer; null for an answer of another form. */
export function parsePlan(answer: unknown): PlanNode | null {
  const first = Array.isArray(answer) ? (answer[0] as Json | undefined) : undefined;
  const plan = first?.Plan;
  if (typeof plan !== "object" || plan === null) return null;
  const total = numberOf((plan as Json)["Total Cost"]);
  return toNode(plan as Json, total);
}

function toNode(json: Json, planCost: number): PlanNode {
  const plans = Array.isArray(json.Plans) ? (json.Plans as Json[]) : [];
  const children = plans.map((child) => toNode(child, planCost));
  const totalCost = numberOf(json["Total Cost"]);
  const below = children.reduce((sum, child) => sum + child.totalCost, 0);
  const [relation, schema] = [textOf(json["Relation Name"]), textOf(json.Schema)];
  return {
    node: textOf(json["Node Type"]) ?? "Unknown",
    relation: relation && (schema ? quoteQualified(schema, relation) : quoteIdentifier(relation)),
    alias: textOf(json.Alias),
    index: textOf(json["Index Name"]),
    startupCost: numberOf(json["Startup Cost"]),
    totalCost,
    rows: numberOf(json["Plan Rows"]),
    widthBytes: numberOf(json["Plan Width"]),
    ownCostShare: planCost > 0 ? Math.min(1, Math.max(0, totalCost - below) / planCost) : 0,
    details: detailKeys.flatMap((key): [string, string][] => {
      const value = json[key];
      if (value === undefined || value === null) return [];
      const text = Array.isArray(value) ? value.map(String).join(", ") : String(value);
      // Conditions of views and policies hold their literals.
      return [[key, redactQuery(text, longestDetail)]];
    }),
    children,
  };
}

/** Every node of a tree, the root first. */
export function planNodes(root: PlanNode): PlanNode[] {
  return [root, ...root.children.flatMap(planNodes)];
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

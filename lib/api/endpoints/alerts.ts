import { z } from "zod";
import { alertSeverities } from "../../alerting/alert.ts";
import { incidentStates } from "../../alerting/incident.ts";
import { incidentOrders } from "../../alerts/get-incidents.ts";
import { rangeEndInput, targetInput, textInput } from "../../inputs.ts";
import { assigneesAnswer, incidentAnswer, incidentsAnswer, openIncidentsAnswer } from "../answers/alerts.ts";
import { incidentTellingsAnswer } from "../answers/channels.ts";
import { defineEndpoint } from "../endpoint.ts";
import { limitQuery } from "../parts.ts";

const listed = (text: string) => text.split(",").map((each) => each.trim());

/** Resources about alerts. */
export const alertsEndpoints = {
  incidents: defineEndpoint({
    path: "/api/v1/alerts",
    summary: "Incidents that match: what is wrong, since when, and who has it",
    read: "incidents",
    query: z.object({
      target: targetInput.optional().meta({ description: "Only of this target" }),
      state: textInput(100)
        .optional()
        .meta({ description: `Separated by commas, of ${incidentStates.join(", ")}` }),
      severity: textInput(100)
        .optional()
        .meta({ description: `Separated by commas, of ${alertSeverities.join(", ")}` }),
      check: textInput(100).optional().meta({ description: "Only of this check, e.g. connections.used" }),
      assignee: textInput(36).optional().meta({ description: "A user's id, `me` or `nobody`" }),
      q: textInput(200)
        .optional()
        .meta({ description: "#12, or part of what it says, its check or its assignee" }),
      from: rangeEndInput.optional().meta({ description: "Opened at this time or later" }),
      to: rangeEndInput.optional().meta({ description: "Opened before" }),
      order: z.enum(incidentOrders).default("worst"),
      limit: limitQuery(500, 50),
      offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
    }),
    toInput: ({ state, severity, target, ...query }) => ({
      ...query,
      target: target ?? null,
      ...(state && { states: listed(state) }),
      ...(severity && { severities: listed(severity) }),
    }),
    answer: incidentsAnswer,
  }),
  incident: defineEndpoint({
    path: "/api/v1/alerts/{id}",
    summary: "One incident: its alerts with when they fired, timeline, comments and what came before",
    read: "incident",
    parameters: { id: z.string().meta({ description: "The incident's id, or its number" }) },
    query: z.object({}),
    toInput: (_, { id = "" }) => (/^\d{1,15}$/.test(id) ? { number: Number(id) } : { id }),
    answer: incidentAnswer,
  }),
  openIncidents: defineEndpoint({
    path: "/api/v1/alerts/open",
    summary: "How many incidents fire and are not closed, by severity and target",
    read: "openIncidents",
    query: z.object({}),
    toInput: () => ({}),
    answer: openIncidentsAnswer,
  }),
  assignees: defineEndpoint({
    path: "/api/v1/alerts/assignees",
    summary: "Who an incident can be assigned to",
    read: "assignees",
    query: z.object({}),
    toInput: () => ({}),
    answer: assigneesAnswer,
  }),
  incidentTellings: defineEndpoint({
    path: "/api/v1/alerts/{id}/tellings",
    summary: "What each channel was last told of an incident",
    read: "incidentTellings",
    parameters: { id: z.uuid().meta({ description: "The incident's id" }) },
    query: z.object({}),
    toInput: (_query, { id }) => ({ incident: id }),
    answer: incidentTellingsAnswer,
  }),
};

import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import manifest from "../../package.json" with { type: "json" };
import { httpStatus } from "../errors.ts";
import { actionPaths } from "./actions/operation.ts";
import type { Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { exportOperation } from "./export/operation.ts";
import { incidentEventsOperation } from "./incident-events/operation.ts";
import { appendOperation } from "./ingest/operation.ts";
import { intakeOperation } from "./intake/operation.ts";
import { jobEventsOperation } from "./job-events/operation.ts";
import { keysOperation } from "./keys/operation.ts";
import { partitionPaths } from "./partitions/operation.ts";
import { answerOf, problemContent } from "./parts.ts";
import { privacyPaths } from "./privacy/privacy-doors.ts";
import { requestPaths } from "./privacy/request-doors.ts";
import { packageOperation } from "./request-package/operation.ts";

const eventsPath = "/api/v1/targets/{target}/events";
const retryAfter = z.string().meta({ description: "Seconds until another try makes sense" });

const problems = {
  400: "A parameter is malformed",
  401: "Neither a valid token nor a session",
  403: "The role or the token's targets do not reach",
  404: "There is no such target or object",
  422: "The server lacks what this needs",
  429: "Too many searches of this person or token run and wait",
  503: "The audit database cannot be reached, or no connection became free",
  504: "The audit database did not answer in time",
} as const;

/** The API as an OpenAPI 3.1 document, made from the same schemas that parse requests. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Audit DB Dashboard API",
        version: manifest.version,
        description:
          "What the pages show and do, as JSON. Every answer says when its figures were read and from which view; errors are RFC 9457 problems.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      security: [{ token: [] }, { session: [] }],
      tags: [
        { name: "read", description: "Questions; nothing here changes anything" },
        { name: "act", description: "Actions, each recorded in the activity log and as an audit event" },
        { name: "append", description: "Events handed in" },
      ],
      components: {
        securitySchemes: {
          token: {
            type: "http",
            scheme: "bearer",
            description: "A token of Settings or `audit-db token create`",
          },
          session: {
            type: "apiKey",
            in: "cookie",
            name: "next-auth.session-token",
            description: "The browser's session",
          },
        },
      },
      paths: together(
        {
          [eventsPath]: { post: appendOperation },
          [`${eventsPath}/export`]: { get: exportOperation },
          "/api/v1/jobs/{id}/events": { get: jobEventsOperation },
          "/api/v1/alerts/events": { get: incidentEventsOperation },
        },
        endpointPaths(),
        {
          ...actionPaths(),
          ...partitionPaths(),
          ...privacyPaths(),
          "/api/v1/privacy/intake/{source}": { post: intakeOperation },
          "/api/v1/privacy/requests/{number}/package": { get: packageOperation },
          "/api/v1/keys": { get: keysOperation },
          "/api/v1/openapi.json": {
            get: {
              operationId: "openapi",
              summary: "This document",
              security: [],
              tags: ["read"],
              responses: {
                200: {
                  description: "OpenAPI 3.1",
                  content: { "application/json": { schema: z.record(z.string(), z.unknown()) } },
                },
              },
            },
          },
        },
        requestPaths(),
      ),
    },
    {
      // What JSON Schema cannot say of an event as the engine checks it.
      override: ({ zodSchema, jsonSchema }) => {
        const { type } = zodSchema._zod.def;
        if (type === "custom") Object.assign(jsonSchema, { type: "object", additionalProperties: true });
        if (type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
      },
      allowEmptySchema: { custom: true, date: true },
    },
  );
}

/** What several say of one address stands together. */
function together(...parts: ZodOpenApiPathsObject[]): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const [path, methods] of parts.flatMap((part) => Object.entries(part)))
    paths[path] = { ...paths[path], ...methods };
  return paths;
}

function endpointPaths() {
  return Object.fromEntries(
    Object.entries(endpoints).map(([name, endpoint]) => [endpoint.path, { get: operation(name, endpoint) }]),
  );
}

function operation(name: string, endpoint: Endpoint) {
  const path = {
    ...(endpoint.path.includes("{target}") && {
      target: z.string().meta({ description: "The target's name" }),
    }),
    ...endpoint.parameters,
  };
  const statuses = Object.entries(problems).filter(
    ([status]) =>
      (status !== "404" || Object.keys(path).length > 0) &&
      (status !== "429" || endpoint.path === eventsPath),
  );
  return {
    operationId: name,
    summary: endpoint.summary,
    tags: ["read"],
    requestParams: {
      ...(Object.keys(path).length > 0 && { path: z.object(path) }),
      ...(Object.keys(endpoint.query.shape).length > 0 && { query: endpoint.query }),
    },
    responses: {
      200: {
        description: "The figures",
        content: { "application/json": { schema: answerOf(endpoint.answer) } },
      },
      ...Object.fromEntries(
        statuses.map(([status, description]) => [
          status,
          {
            description,
            content: problemContent,
            ...(Number(status) >= httpStatus.UNAVAILABLE && {
              headers: z.object({ "retry-after": retryAfter }),
            }),
          },
        ]),
      ),
    },
  };
}

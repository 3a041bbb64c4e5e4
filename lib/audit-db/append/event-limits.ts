export const eventStatuses = ["attempt", "success", "failure"] as const;
export const dataClassifications = ["PUBLIC", "INTERNAL", "CONFIDENTIAL", "PHI"] as const;

/** The most characters (UTF-16 units) that each text of an event may have; none may be empty. */
export const maxCharacters = {
  organizationId: 200,
  action: 200,
  targetType: 200,
  targetId: 500,
  outcome: 500,
  correlationId: 200,
  retentionPolicy: 63,
  actorToken: 200,
  targetToken: 200,
} as const;

export const maxPersonCharacters = { id: 500, name: 500, email: 500, ip: 100, userAgent: 2_000 } as const;

export const maxEventVersion = 32_767;
export const maxProcessingMs = 2_147_483_647;
/** Of the JSON text. */
export const maxDetailsBytes = 65_536;
/** Of the JSON text of a whole person. */
export const maxPersonalBytes = 16_384;

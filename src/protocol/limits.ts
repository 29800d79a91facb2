/** Every number of the protocol with its unit. Replay limits are constants of version 1; server limits are defaults. */

const KIB = 1024;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Constants of protocol version 1: changing one splits clients from servers. */
export const REPLAY = {
  members: 1000,
  entryBodyBytes: 256 * KIB,
  opsPerList: 256,
  cardsPerChain: 512,
  devicesPerCard: 16,
  liveLinks: 32,
  requestLifeMs: 14 * DAY,
  autoAdmitLifeMs: 30 * DAY,
  autoAdmitUses: 100,
} as const;

/** Sizes fixed by the formats. */
export const SIZE = {
  box: 48,
  wrap: 72,
  messageBytes: 65_732,
  payloadBytes: 60 * KIB,
  profileBytes: 8 * KIB,
  staffTextBytes: 32 * KIB,
  introBytes: 2 * KIB,
  previewBytes: 32 * KIB,
  memberRecordBytes: 2 * KIB,
  rejectNoteBytes: KIB,
  reportBytes: 16 * KIB,
  /** A quote is cut there; both together fit a report in any script. */
  reportQuoteChars: 3000,
  reportTextChars: 2000,
  /** A group's picture, as it stands in a profile's file and in a preview. */
  imageBytes: 16 * KIB,
  linkLabelBytes: 120,
  intakeSecrets: 4,
  chunk: 64 * KIB,
  /** Hashes of lost items in one `lost`. */
  lostHashes: 8192,
} as const;

/** Server limits; each can be set by configuration (server/config.ts). */
export const SERVER_LIMITS = {
  frameBytes: 512 * KIB,
  pendingRequestsPerGroup: 500,
  pendingRequestsPerPid: 3,
  requestsPerLinkPerHour: 200,
  queryItems: 200,
  messageBurst: 20,
  messagesPerSecond: 2,
  entriesPerMinute: 30,
  clockAheadMs: 10 * MINUTE,
  handshakeMs: 10 * SECOND,
  idleMs: 75 * SECOND,
  blobBytes: 25 * KIB * KIB,
  blobPartBytes: 256 * KIB,
  blobGroupBytes: 4 * KIB * KIB * KIB,
  blobPidBytes: KIB * KIB * KIB,
  blobUnnamedMs: 7 * DAY,
  cardsPerAddressPerHour: 60,
  passLifeMs: 10 * MINUTE,
  socketQueueBytes: 8 * KIB * KIB,
  lostItems: 512 * KIB,
  /** Of these a second's figure is a sustained one, and ten seconds of it come at once. */
  givenPerSecond: 20,
  readsPerSecond: 200,
  storesPerSecond: 50,
  framesPerSecond: 1000,
  loginsPerAddressPerMinute: 600,
  previewsPerAddressPerMinute: 300,
  waitingPerAddress: 500,
} as const;

/** Client timing. */
export const CLIENT = {
  authLifeMs: MINUTE,
  requestLifeMs: 13 * DAY,
  clockWarnMs: 2 * MINUTE,
  clockOffsetMaxMs: DAY,
  turnMs: 3 * SECOND,
  turnJitterMs: SECOND,
  rotateAfterMs: 7 * DAY,
  rotateAfterMessages: 5000,
  ackEveryMs: MINUTE,
  callTimeoutMs: 20 * SECOND,
  heartbeatMs: 25 * SECOND,
  backoffMinMs: 300,
  backoffMaxMs: 30 * SECOND,
  keepT: 4096,
  pageItems: 64,
  sendWindow: 32,
  rebaseAttempts: 8,
  /** So many requests through one link within this time are a wave, and pause it. */
  waveRequests: 50,
  waveMs: 60 * MINUTE,
} as const;

/** Of a request. */
export const COMPLETE = 1;
export const UPGRADE = 2;
export const JOIN_DUPLICATES = 4;

/** Of a response that is handed over. */
export const KEEP_ALIVE = 1;
/** The connection takes no request after this one (`maxRequestsPerSocket`). */
export const LAST_REQUEST = 2;
export const EXPECTS_CONTINUE = 4;
export const HAS_CONTINUED = 8;
export const REJECTS_BODIES = 16;
export const NO_DATE = 32;
export const STRICT_LENGTH = 64;
/** Its head has gone out already: by the host's own code, or by another session. */
export const TAKEN = 128;

/** Of a part of a response that a handler has written: it holds the head. */
export const STARTED = 1;
/** It is the last part. */
export const ENDED = 2;
/** The connection ends after it. */
export const LAST = 4;
/** It was written before the request was complete: where Node's parser finds that what follows is no HTTP, it has been sent. */
export const AT_ONCE = 8;
/** It was also sent before. */
export const BEFORE_COMPLETE = 16;

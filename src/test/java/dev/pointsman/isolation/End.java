package dev.pointsman.isolation;

/** The moments at which a picker may end its stream, with OK, as if it had nothing to add. */
enum End {
  /** Only when Envoy does. */
  LAST,
  AT_THE_REQUEST,
  AFTER_THE_REQUEST,
  AFTER_ANSWERING_HEADERS,
  WITHIN_THE_BODY,
  AFTER_ANSWERING_THE_REQUEST,
  AT_THE_RESPONSE,
  AFTER_ANSWERING_RESPONSE_HEADERS,
  WITHIN_THE_RESPONSE_BODY,
  AFTER_ANSWERING_THE_RESPONSE
}

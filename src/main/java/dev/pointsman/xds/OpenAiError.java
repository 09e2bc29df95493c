package dev.pointsman.xds;

import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An error in OpenAI's format, which client libraries turn into an exception with a message.
 *
 * @param status the HTTP status
 * @param type OpenAI's class of the error
 * @param param the wrong parameter of the request; empty if there is none
 * @param code the cause, for programs
 */
record OpenAiError(int status, String type, String message, String param, String code) {
  private static final int SERVER_ERRORS = 500;

  static OpenAiError of(int status, String code, String message) {
    return of(status, code, "", message);
  }

  static OpenAiError of(int status, String code, String param, String message) {
    String type = status < SERVER_ERRORS ? "invalid_request_error" : "server_error";
    return new OpenAiError(status, type, message, param, code);
  }

  /**
   * The error for a body above a limit.
   *
   * @param limit in bytes, or a command of Envoy's that inserts it
   */
  static OpenAiError tooLarge(String limit) {
    return of(
        413,
        "request_too_large",
        "The request body is too large: at most " + limit + " bytes are taken here.");
  }

  ObjectNode json() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ObjectNode error = body.putObject("error").put("message", message).put("type", type);
    if (param.isEmpty()) {
      error.putNull("param");
    } else {
      error.put("param", param);
    }
    error.put("code", code);
    return body;
  }

  DirectResponseAction response() {
    DirectResponseAction.Builder response = DirectResponseAction.newBuilder().setStatus(status);
    response.getBodyBuilder().setInlineString(json().toString());
    return response.build();
  }
}

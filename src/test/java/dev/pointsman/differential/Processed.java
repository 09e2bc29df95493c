package dev.pointsman.differential;

/**
 * A request as a user's processor saw it.
 *
 * @param request method and path
 * @param model the model's header
 * @param requestBody its length, and whether it came to its end
 * @param status of the answer; empty when the stream ended before
 * @param responseBody as of the request
 */
record Processed(
    String id,
    String request,
    String model,
    String requestBody,
    String status,
    String responseBody) {}

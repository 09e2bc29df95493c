package dev.pointsman.differential;

/**
 * A request as a user's processor received it.
 *
 * @param request method and path
 * @param model the model header
 * @param requestBody its length, and whether it was complete
 * @param status the status of the response; empty if the stream ended before
 * @param responseBody as {@code requestBody}
 */
public record ProcessedRequest(
    String id,
    String request,
    String model,
    String requestBody,
    String status,
    String responseBody) {}

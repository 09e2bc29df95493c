package dev.pointsman.rig;

/**
 * One request as a picker saw it.
 *
 * @param id the header {@code x-test-request}, by which a test knows its request; empty without one
 * @param largestMessage bytes of the largest part of the body that came in one message
 * @param picked the endpoint that it named, empty when it named none
 * @param served the endpoint that Envoy says it used, empty when it did not say
 * @param status of the response, empty when there was none
 */
public record PickerCall(
    String id,
    String method,
    String path,
    String model,
    long bodyBytes,
    int bodyMessages,
    int largestMessage,
    String picked,
    String served,
    String status) {}

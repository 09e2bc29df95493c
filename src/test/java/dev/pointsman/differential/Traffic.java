package dev.pointsman.differential;

import java.util.List;

/** Features of BackendTrafficPolicy, and the same features of HTTPRoute. */
final class Traffic {
  private Traffic() {}

  /**
   * Retries on 503.
   *
   * @param inRule whether they are in the HTTPRoute's rule instead of a BackendTrafficPolicy
   */
  record Retries(int times, boolean perTryTimeout, boolean inRule) implements Feature {
    @Override
    public List<String> ruleFields() {
      return inRule
          ? List.of("retry: {attempts: " + times + ", codes: [503], backoff: 10ms}")
          : List.of();
    }

    @Override
    public List<String> backendTraffic(Side side) {
      if (inRule) {
        return List.of();
      }
      return List.of("retry: {numRetries: " + times
          + ", retryOn: {httpStatusCodes: [503], triggers: [connect-failure, retriable-status-codes]}"
          + ", perRetry: {backOff: {baseInterval: 10ms, maxInterval: 50ms}"
          + (perTryTimeout ? ", timeout: 2s" : "") + "}}");
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      return draw.percent(70)
          ? request.with(request.instructions().failing(draw.between(1, times + 1), 503))
          : request;
    }
  }

  /** The rule's time limit for requests. */
  record Timeouts(int millis, boolean inPolicy) implements Feature {
    private static final int NEAR_MS = 200;

    /** Whether the response takes about as long as the limit, so that either may be first. */
    boolean isNear(PodInstructions instructions) {
      return Math.abs(instructions.millis() - millis) <= NEAR_MS;
    }

    @Override
    public List<String> ruleFields() {
      return inPolicy ? List.of() : List.of("timeouts: {request: " + millis + "ms}");
    }

    @Override
    public List<String> backendTraffic(Side side) {
      return inPolicy ? List.of("timeout: {http: {requestTimeout: " + millis + "ms}}") : List.of();
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      return draw.percent(50) ? request.with(request.instructions().after(millis + 1500)) : request;
    }
  }

  /** Injected faults. */
  record Fault(int status, int delayMillis) implements Feature {
    @Override
    public List<String> backendTraffic(Side side) {
      String abort = "abort: {httpStatus: " + status + ", percentage: 100}";
      String delay = "delay: {fixedDelay: " + delayMillis + "ms, percentage: 100}";
      return List.of("faultInjection: {" + (status > 0 ? abort : delay) + "}");
    }
  }

  /** Response overrides for a pod's 503. */
  record OtherAnswer() implements Feature {
    @Override
    public List<String> backendTraffic(Side side) {
      return List.of(
          "responseOverride: [{match: {statusCodes: [{type: Value, value: 503}]},"
              + " response: {contentType: text/plain, body: {type: Inline, inline: \"come back later\"}}}]");
    }

    @Override
    public DrawnRequest vary(Draw draw, DrawnRequest request) {
      return draw.percent(60) ? request.with(request.instructions().failing(9, 503)) : request;
    }
  }

  /** A local rate limit per hour. */
  record Quota(int requests) implements Feature {
    @Override
    public List<String> backendTraffic(Side side) {
      return List.of("rateLimit: {type: Local, local: {rules: [{limit: {requests: " + requests
          + ", unit: Hour}}]}}");
    }
  }

  /** A request buffer: the gateway buffers the whole request first. */
  record WholeRequest(int limit) implements Feature {
    @Override
    public List<String> backendTraffic(Side side) {
      return List.of("requestBuffer: {limit: " + limit + "}");
    }

    @Override
    public boolean wantsOwnPath() {
      return true;
    }
  }

  /** Passive health checks that eject no pod in any situation: 50 consecutive failures. */
  record Ejection(boolean byPolicy) implements Feature {
    @Override
    public List<String> backendTraffic(Side side) {
      return byPolicy && side == Side.POINTSMAN
          ? List.of()
          : List.of("healthCheck: {passive: {consecutive5XxErrors: 50, interval: 5s}}");
    }

    @Override
    public List<String> inference() {
      return byPolicy
          ? List.of("outlierDetection: {consecutive5xxErrors: 50, interval: 5s}")
          : List.of();
    }
  }
}

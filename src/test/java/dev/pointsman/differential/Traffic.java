package dev.pointsman.differential;

import java.util.List;

/** Features of BackendTrafficPolicy, and what HTTPRoute says of the same. */
final class Traffic {
  private Traffic() {}

  /**
   * Retries on 503.
   *
   * @param inRule whether the HTTPRoute's rule asks for them, and not a BackendTrafficPolicy
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
    public Ask vary(Draw draw, Ask ask) {
      return draw.percent(70) ? ask.with(ask.tell().failing(draw.between(1, times + 1), 503)) : ask;
    }
  }

  /** The rule's time limits, in milliseconds; 0: none. */
  record Timeouts(int request, boolean inPolicy) implements Feature {
    private static final int NEAR_MS = 200;

    /** Whether an answer as ordered takes about as long as the limit, so that chance decides which comes first. */
    boolean isNear(Orders orders) {
      return Math.abs(orders.millis() - request) <= NEAR_MS;
    }

    @Override
    public List<String> ruleFields() {
      return inPolicy ? List.of() : List.of("timeouts: {request: " + request + "ms}");
    }

    @Override
    public List<String> backendTraffic(Side side) {
      return inPolicy ? List.of("timeout: {http: {requestTimeout: " + request + "ms}}") : List.of();
    }

    @Override
    public Ask vary(Draw draw, Ask ask) {
      return draw.percent(50) ? ask.with(ask.tell().after(request + 1500)) : ask;
    }
  }

  /** Faults that the gateway makes up. */
  record Fault(int status, int delayMillis) implements Feature {
    @Override
    public List<String> backendTraffic(Side side) {
      String abort = "abort: {httpStatus: " + status + ", percentage: 100}";
      String delay = "delay: {fixedDelay: " + delayMillis + "ms, percentage: 100}";
      return List.of("faultInjection: {" + (status > 0 ? abort : delay) + "}");
    }
  }

  /** Answers of the gateway's in place of a pod's 503. */
  record OtherAnswer() implements Feature {
    @Override
    public List<String> backendTraffic(Side side) {
      return List.of(
          "responseOverride: [{match: {statusCodes: [{type: Value, value: 503}]},"
              + " response: {contentType: text/plain, body: {type: Inline, inline: \"come back later\"}}}]");
    }

    @Override
    public Ask vary(Draw draw, Ask ask) {
      return draw.percent(60) ? ask.with(ask.tell().failing(9, 503)) : ask;
    }
  }

  /** So many requests an hour. */
  record Quota(int requests) implements Feature {
    @Override
    public List<String> backendTraffic(Side side) {
      return List.of("rateLimit: {type: Local, local: {rules: [{limit: {requests: " + requests
          + ", unit: Hour}}]}}");
    }
  }

  /** The gateway holds the whole request before it sends it on. */
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

  /** Passive health checks, which no request of a situation trips: 50 failures in a row. */
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

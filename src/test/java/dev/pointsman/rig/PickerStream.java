package dev.pointsman.rig;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One request as a picker of the Gateway API Inference Extension handles it: in {@code FULL_DUPLEX_STREAMED} mode it
 * holds the answer to the headers back until the whole body is there, then sends the headers and the body back in
 * chunks; server-sent events pass chunk by chunk, other responses once they are whole.
 */
final class PickerStream implements StreamObserver<ProcessingRequest> {
  static final String DESTINATION = "x-gateway-destination-endpoint";
  static final String NAMESPACE = "envoy.lb";

  private final LeastOutstanding endpoints;
  private final StreamObserver<ProcessingResponse> answers;
  private final Consumer<PickerCall> finished;
  private final Map<String, String> request = new HashMap<>();
  private ByteString requestBody = ByteString.EMPTY;
  private ByteString responseBody = ByteString.EMPTY;
  private Optional<String> picked = Optional.empty();
  private boolean requestDone;
  private boolean events;
  private boolean over;
  private int bodyMessages;
  private int largestMessage;
  private long bodyBytes;
  private String served = "";
  private String status = "";

  PickerStream(
      LeastOutstanding endpoints,
      StreamObserver<ProcessingResponse> answers,
      Consumer<PickerCall> finished) {
    this.endpoints = endpoints;
    this.answers = answers;
    this.finished = finished;
  }

  @Override
  public void onNext(ProcessingRequest message) {
    switch (message.getRequestCase()) {
      case REQUEST_HEADERS -> {
        request.putAll(ExtProcHeaders.of(message.getRequestHeaders().getHeaders()));
        if (message.getRequestHeaders().getEndOfStream()) {
          pick();
        }
      }
      case REQUEST_BODY -> requestBody(message.getRequestBody());
      case REQUEST_TRAILERS -> {
        pickAndSendBack(false);
        answers.onNext(PickerAnswers.requestTrailers());
      }
      case RESPONSE_HEADERS -> {
        Map<String, String> response =
            ExtProcHeaders.of(message.getResponseHeaders().getHeaders());
        status = response.getOrDefault(":status", "");
        events = response.getOrDefault("content-type", "").contains("text/event-stream");
        served = servedEndpoint(message);
        answers.onNext(PickerAnswers.responseHeaders());
      }
      case RESPONSE_BODY -> responseBody(message.getResponseBody());
      case RESPONSE_TRAILERS -> {
        PickerAnswers.responseBody(responseBody, false).forEach(answers::onNext);
        answers.onNext(PickerAnswers.responseTrailers());
      }
      case REQUEST_NOT_SET -> {}
    }
  }

  private void requestBody(HttpBody part) {
    bodyMessages++;
    largestMessage = Math.max(largestMessage, part.getBody().size());
    if (requestDone) {
      return; // whatever comes after the end of the body is not looked at
    }
    requestBody = requestBody.concat(part.getBody());
    if (part.getEndOfStream()) {
      pickAndSendBack(true);
    }
  }

  private void pickAndSendBack(boolean endOfStream) {
    if (requestDone) {
      return;
    }
    requestDone = true;
    bodyBytes = requestBody.size();
    if (pick()
        && bodyMessages > 0) { // Envoy fails a request with an answer to what it did not send
      PickerAnswers.requestBody(requestBody, endOfStream).forEach(answers::onNext);
    }
    requestBody = ByteString.EMPTY;
  }

  private boolean pick() {
    picked = endpoints.pick();
    if (picked.isEmpty()) {
      answers.onNext(PickerAnswers.noEndpoint());
      return false;
    }
    answers.onNext(PickerAnswers.requestHeaders(picked.get(), requestBody.size()));
    return true;
  }

  private void responseBody(HttpBody part) {
    if (events) {
      PickerAnswers.responseBody(part.getBody(), part.getEndOfStream()).forEach(answers::onNext);
      return;
    }
    responseBody = responseBody.concat(part.getBody());
    if (part.getEndOfStream()) {
      PickerAnswers.responseBody(responseBody, true).forEach(answers::onNext);
      responseBody = ByteString.EMPTY;
    }
  }

  private static String servedEndpoint(ProcessingRequest message) {
    return message
        .getMetadataContext()
        .getFilterMetadataOrDefault(NAMESPACE, Struct.getDefaultInstance())
        .getFieldsOrDefault(DESTINATION + "-served", Value.getDefaultInstance())
        .getStringValue();
  }

  @Override
  public void onError(Throwable cause) {
    finish();
  }

  @Override
  public void onCompleted() {
    finish();
    answers.onCompleted();
  }

  /** Both ends of a stream may report its end. */
  private void finish() {
    if (!over) {
      over = true;
      picked.ifPresent(endpoints::giveBack);
      finished.accept(new PickerCall(
          request.getOrDefault("x-test-request", ""),
          request.getOrDefault(":method", ""),
          request.getOrDefault(":path", ""),
          request.getOrDefault("x-gateway-model-name", ""),
          bodyBytes,
          bodyMessages,
          largestMessage,
          picked.orElse(""),
          served,
          status));
    }
  }
}

package dev.pointsman.isolation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse.ResponseStatus;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HeadersResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.envoyproxy.envoy.type.v3.HttpStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The actions of a hostile picker and pod on one request, so that the next client on the connection gets
 * {@link #FORGED}. Made by changing one thing after the other of an honest exchange.
 *
 * @param method of the client's request
 * @param large whether its body takes the loop
 * @param request what the picker makes of the request's headers
 * @param insteadOfRequest what it answers to the request instead; empty: the usual
 * @param response what it answers to the response's headers
 * @param body what it answers to a part of the response's body
 * @param trailers what it answers to the response's trailers
 * @param pod what the pod answers; empty: honestly
 */
record Attack(
    String name,
    String method,
    boolean large,
    UnaryOperator<CommonResponse.Builder> request,
    List<ProcessingResponse> insteadOfRequest,
    List<ProcessingResponse> response,
    Function<HttpBody, List<ProcessingResponse>> body,
    List<ProcessingResponse> trailers,
    Optional<String> pod) {
  /** A whole second response. */
  static final String FORGED =
      "HTTP/1.1 200 OK\r\nx-served-by: forged\r\ncontent-length: 6\r\n\r\nforged";

  /** An honest exchange. */
  static Attack named(String name) {
    return new Attack(
        name,
        "POST",
        false,
        response -> response,
        List.of(),
        List.of(headers(CommonResponse.newBuilder())),
        part -> List.of(HostileAnswers.body(part.getBody(), part.getEndOfStream())),
        List.of(ProcessingResponse.newBuilder()
            .setResponseTrailers(TrailersResponse.getDefaultInstance())
            .build()),
        Optional.empty());
  }

  Attack by(String newMethod) {
    return new Attack(
        name, newMethod, large, request, insteadOfRequest, response, body, trailers, pod);
  }

  Attack withALargeBody() {
    return new Attack(
        name + ", large", method, true, request, insteadOfRequest, response, body, trailers, pod);
  }

  Attack request(UnaryOperator<CommonResponse.Builder> next) {
    return new Attack(name, method, large, next, insteadOfRequest, response, body, trailers, pod);
  }

  Attack insteadOfRequest(ProcessingResponse... next) {
    return new Attack(name, method, large, request, List.of(next), response, body, trailers, pod);
  }

  Attack response(ProcessingResponse... next) {
    return new Attack(
        name, method, large, request, insteadOfRequest, List.of(next), body, trailers, pod);
  }

  Attack body(Function<HttpBody, List<ProcessingResponse>> next) {
    return new Attack(
        name, method, large, request, insteadOfRequest, response, next, trailers, pod);
  }

  /** Every part of the response's body replaced by a second response. */
  Attack forgedBody() {
    return body(part -> List.of(HostileAnswers.body(bytes(FORGED), part.getEndOfStream())));
  }

  Attack trailers(ProcessingResponse... next) {
    return new Attack(
        name, method, large, request, insteadOfRequest, response, body, List.of(next), pod);
  }

  Attack pod(String answer) {
    return new Attack(
        name,
        method,
        large,
        request,
        insteadOfRequest,
        response,
        body,
        trailers,
        Optional.of(answer));
  }

  /** As a picker plays it. */
  ScriptedPicker.Script script(String endpoint) {
    return new ScriptedPicker.Script() {
      @Override
      public String endpoint() {
        return endpoint;
      }

      @Override
      public CommonResponse.Builder request(Map<String, String> headers) {
        return request.apply(CommonResponse.newBuilder());
      }

      @Override
      public List<ProcessingResponse> insteadOfRequest() {
        return insteadOfRequest;
      }

      @Override
      public List<ProcessingResponse> response(Map<String, String> headers, boolean end) {
        return response;
      }

      @Override
      public List<ProcessingResponse> responseBody(HttpBody part) {
        return body.apply(part);
      }

      @Override
      public List<ProcessingResponse> responseTrailers() {
        return trailers;
      }
    };
  }

  static ByteString bytes(String text) {
    return ByteString.copyFrom(text, ISO_8859_1);
  }

  static ProcessingResponse headers(CommonResponse.Builder response) {
    return HostileAnswers.responseHeaders(response);
  }

  /** Headers set, names and values in turn. */
  static CommonResponse.Builder set(String... namesAndValues) {
    return CommonResponse.newBuilder().setHeaderMutation(mutation(namesAndValues));
  }

  static HeaderMutation mutation(String... namesAndValues) {
    HeaderMutation.Builder mutation = HeaderMutation.newBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      mutation.addSetHeaders(HostileAnswers.header(namesAndValues[i], namesAndValues[i + 1]));
    }
    return mutation.build();
  }

  static CommonResponse.Builder removed(String name) {
    return CommonResponse.newBuilder()
        .setHeaderMutation(HeaderMutation.newBuilder().addRemoveHeaders(name));
  }

  static CommonResponse.Builder appended(String name, String value) {
    HeaderValueOption option = HostileAnswers.header(name, value).toBuilder()
        .setAppendAction(HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD)
        .build();
    return CommonResponse.newBuilder()
        .setHeaderMutation(HeaderMutation.newBuilder().addSetHeaders(option));
  }

  static CommonResponse.Builder replacedWith(String body) {
    return CommonResponse.newBuilder()
        .setStatus(ResponseStatus.CONTINUE_AND_REPLACE)
        .setBodyMutation(BodyMutation.newBuilder().setBody(bytes(body)));
  }

  /** Envoy takes a method with this status whatever the rules say. */
  static ProcessingResponse method(String method) {
    return ProcessingResponse.newBuilder()
        .setRequestHeaders(HeadersResponse.newBuilder()
            .setResponse(CommonResponse.newBuilder()
                .setStatus(ResponseStatus.CONTINUE_AND_REPLACE)
                .setHeaderMutation(
                    mutation(":method", method, "upgrade", "websocket", "connection", "upgrade"))))
        .build();
  }

  static ProcessingResponse immediate(int status, String... namesAndValues) {
    return ProcessingResponse.newBuilder()
        .setImmediateResponse(ImmediateResponse.newBuilder()
            .setStatus(HttpStatus.newBuilder().setCodeValue(status))
            .setHeaders(mutation(namesAndValues))
            .setBody(bytes(FORGED)))
        .build();
  }

  static ProcessingResponse trailersWith(HeaderMutation mutation) {
    return ProcessingResponse.newBuilder()
        .setResponseTrailers(TrailersResponse.newBuilder().setHeaderMutation(mutation))
        .build();
  }

  @Override
  public String toString() {
    return name;
  }
}

package dev.pointsman.isolation;

import static dev.pointsman.isolation.Attack.FORGED;
import static dev.pointsman.isolation.Attack.appended;
import static dev.pointsman.isolation.Attack.bytes;
import static dev.pointsman.isolation.Attack.headers;
import static dev.pointsman.isolation.Attack.immediate;
import static dev.pointsman.isolation.Attack.method;
import static dev.pointsman.isolation.Attack.mutation;
import static dev.pointsman.isolation.Attack.named;
import static dev.pointsman.isolation.Attack.removed;
import static dev.pointsman.isolation.Attack.replacedWith;
import static dev.pointsman.isolation.Attack.set;
import static dev.pointsman.isolation.Attack.trailersWith;

import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.GrpcStatus;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import java.util.ArrayList;
import java.util.List;

/** The attacks that a picker tries, by the part of the message that they change. */
final class Attacks {
  /** A pod's answer in chunks, with a trailer. */
  static final String CHUNKED =
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-trailer: a\r\n\r\n";

  private Attacks() {}

  /** All that we know. */
  static List<Attack> all() {
    List<Attack> all = new ArrayList<>();
    statuses(all);
    framing(all);
    methods(all);
    bodiless(all);
    bodies(all);
    immediateAnswers(all);
    trailers(all);
    return all;
  }

  private static void statuses(List<Attack> all) {
    for (String status : List.of("304", "204", "205", "101", "100", "103", "0", "999", "abc", "")) {
      Attack attack = named("answer's :status set to \"" + status + "\"")
          .response(headers(set(":status", status)))
          .forgedBody();
      all.add(attack);
      all.add(attack.withALargeBody());
    }
    all.add(named("answer's :status appended")
        .response(headers(appended(":status", "304")))
        .forgedBody());
    for (String status : List.of("304", "204")) {
      all.add(named("answer's :status set to " + status + ", the pod's body forged")
          .response(headers(set(":status", status)))
          .pod("HTTP/1.1 200 OK\r\ncontent-length: " + FORGED.length() + "\r\n\r\n" + FORGED));
    }
  }

  private static void framing(List<Attack> all) {
    for (String[] header : new String[][] {
      {"content-length", "3"},
      {"content-length", "0"},
      {"content-length", "1000"},
      {"content-length", "3, 3"},
      {"content-length", "-1"},
      {"transfer-encoding", "chunked"},
      {"transfer-encoding", "identity"},
      {"transfer-encoding", ""},
      {"connection", "keep-alive"},
      {"connection", "close"},
      {"upgrade", "websocket"},
      {"trailer", "x"},
      {"", "no name"},
      {"a b", "a space"},
      {"x-crlf", "a\r\n\r\n" + FORGED},
      {"x\r\n\r\n" + FORGED, "in a name"},
      {"x-nul", "a\0b"},
      {"X-Upper", "fine"}
    }) {
      all.add(named("answer's " + printable(header[0]) + " set to " + printable(header[1]))
          .response(headers(set(header)))
          .forgedBody());
    }
    for (String name : List.of(":status", "content-length", "transfer-encoding", "", "date")) {
      all.add(named("answer's " + name + " removed")
          .response(headers(removed(name)))
          .pod(CHUNKED)
          .forgedBody());
    }
    all.add(named("two content-lengths and a transfer-encoding")
        .response(headers(
            set("content-length", "3", "content-length", "4", "transfer-encoding", "chunked")))
        .forgedBody());
    String[] many = new String[2 * 5000];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "x-" + i;
      many[i + 1] = "v";
    }
    all.add(named("5000 headers").response(headers(set(many))));
    all.add(named("a header of 1 MiB").response(headers(set("x-big", "v".repeat(1 << 20)))));
  }

  private static void methods(List<Attack> all) {
    String switching = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n"
        + "connection: upgrade\r\n\r\n" + FORGED;
    all.add(named("request made an upgrade, the pod switches")
        .request(response ->
            response.setHeaderMutation(mutation("upgrade", "websocket", "connection", "upgrade")))
        .pod(switching));
    for (String header : List.of(":method", ":path", "transfer-encoding", "content-length")) {
      all.add(named("request's " + header)
          .request(response -> response.setHeaderMutation(mutation(header, "HEAD")))
          .pod("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc" + FORGED));
    }
    for (String[] change : new String[][] {
      {"POST", "HEAD"}, {"POST", "GET"}, {"POST", "CONNECT"}, {"HEAD", "GET"}, {"HEAD", "POST"}
    }) {
      for (String pod : List.of(
          switching,
          "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n",
          "HTTP/1.1 200 OK\r\n\r\n" + FORGED,
          "HTTP/1.1 200 OK\r\ncontent-length: " + FORGED.length() + "\r\n\r\n" + FORGED)) {
        all.add(named(change[0] + " replaced by " + change[1] + ", pod "
                + printable(pod.substring(9, Math.min(40, pod.length()))))
            .by(change[0])
            .insteadOfRequest(method(change[1]))
            .pod(pod));
      }
    }
  }

  private static void bodiless(List<Attack> all) {
    ProcessingResponse honest = headers(CommonResponse.newBuilder());
    ProcessingResponse body = HostileAnswers.body(bytes(FORGED), true);
    for (String pod :
        List.of("200 OK\r\ncontent-length: 50", "200 OK\r\ntransfer-encoding: chunked")) {
      Attack head = named("HEAD, " + printable(pod)).by("HEAD").pod("HTTP/1.1 " + pod + "\r\n\r\n");
      all.add(head);
      all.add(head.response(honest, body));
      all.add(head.response(headers(replacedWith(FORGED))));
    }
    all.add(named("HEAD, answered at once").by("HEAD").insteadOfRequest(immediate(200)));
    for (String status : List.of("204 No Content", "304 Not Modified", "205 Reset Content")) {
      for (String length : List.of("", "content-length: 0\r\n", "content-length: 65\r\n")) {
        Attack attack = named("pod's " + status + " " + length.strip())
            .pod("HTTP/1.1 " + status + "\r\n" + length + "\r\n");
        all.add(attack);
        all.add(attack.response(honest, body));
        all.add(attack.response(headers(replacedWith(FORGED))));
        all.add(attack.pod(attack.pod().orElseThrow() + FORGED));
      }
    }
  }

  private static void bodies(List<Attack> all) {
    all.add(named("body longer than the pod's")
        .body(part -> List.of(HostileAnswers.body(bytes(FORGED + FORGED), part.getEndOfStream()))));
    all.add(named("body after its end")
        .body(_ -> List.of(
            HostileAnswers.body(bytes("end"), true), HostileAnswers.body(bytes(FORGED), true))));
    all.add(named("body before the headers")
        .response(HostileAnswers.body(bytes(FORGED), false), headers(set())));
    all.add(named("body replaced").response(headers(replacedWith(FORGED))));
    all.add(named("body replaced, with a content-length")
        .response(headers(replacedWith(FORGED)
            .setHeaderMutation(mutation("content-length", "3", ":status", "304")))));
    all.add(
        named("headers answered twice").response(headers(set()), headers(set(":status", "304"))));
    all.add(named("headers in the answer to the body").body(part -> {
      ProcessingResponse.Builder answer =
          HostileAnswers.body(bytes(FORGED), part.getEndOfStream()).toBuilder();
      answer
          .getResponseBodyBuilder()
          .getResponseBuilder()
          .setHeaderMutation(mutation(":status", "304", "content-length", "3"));
      return List.of(answer.build());
    }));
    all.add(named("pod's body longer than it says")
        .pod("HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc" + FORGED));
    all.add(named("pod's 100 and 103 before its answer")
        .pod("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n"
            + "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc"));
  }

  private static void immediateAnswers(List<Attack> all) {
    for (int status : new int[] {304, 204, 205, 101, 100, 103, 0, -1, 999, 1000, 200}) {
      all.add(named("answered at once with " + status).insteadOfRequest(immediate(status)));
      all.add(
          named("answered with " + status + " in place of the pod").response(immediate(status)));
    }
    for (String[] header : new String[][] {
      {"content-length", "3"},
      {"transfer-encoding", "chunked"},
      {":status", "304"},
      {"", "no name"},
      {"x-crlf", "a\r\n\r\n" + FORGED},
      {"upgrade", "websocket"}
    }) {
      for (int status : new int[] {200, 304}) {
        all.add(named("answered at once with " + status + " and " + printable(header[0]))
            .insteadOfRequest(immediate(status, header)));
      }
    }
    Attack large = named("answered with 304 in place of the pod").response(immediate(304));
    all.add(large.withALargeBody());
    all.add(named("answered after the headers").response(headers(set()), immediate(304)));
    all.add(named("answered within the body")
        .body(_ -> List.of(HostileAnswers.body(bytes("ab"), false), immediate(304))));
    all.add(named("answered after the end")
        .body(_ -> List.of(HostileAnswers.body(bytes("ab"), true), immediate(304))));
    ProcessingResponse.Builder grpc = immediate(304).toBuilder();
    grpc.getImmediateResponseBuilder().setGrpcStatus(GrpcStatus.newBuilder().setStatus(7));
    all.add(named("answered with a gRPC status").insteadOfRequest(grpc.build()));
  }

  private static void trailers(List<Attack> all) {
    all.add(named("trailers that frame")
        .pod(CHUNKED)
        .trailers(trailersWith(mutation("content-length", "3", ":status", "304", "", "no name"))));
    all.add(named("trailers with a line break")
        .pod(CHUNKED)
        .trailers(trailersWith(mutation("x-t", "a\r\n\r\n" + FORGED))));
    all.add(named("trailers that nobody has sent")
        .response(headers(set()), trailersWith(mutation("x-t", "t"))));
  }

  private static String printable(String text) {
    String printable = text.replaceAll("[^ -~]+", "_");
    return printable.substring(0, Math.min(30, printable.length()));
  }
}

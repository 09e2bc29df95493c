package dev.pointsman.differential;

import java.util.List;

/** Features of EnvoyExtensionPolicy. */
final class Processing {
  private Processing() {}

  /**
   * A processor (ext_proc) of the user's.
   *
   * @param requestBody {@code None}, {@code Streamed}, {@code Buffered} or {@code BufferedPartial}
   * @param responseBody as {@code requestBody}
   */
  record Processor(String requestBody, String responseBody, boolean failOpen) implements Feature {
    @Override
    public List<String> extension(Attachment attachment) {
      return List.of("extProc: [{backendRefs: [{group: gateway.envoyproxy.io, kind: Backend, name: "
          + attachment.route() + "-processor}], failOpen: " + failOpen
          + ", messageTimeout: 10s, processingMode: {request: " + mode(requestBody) + ", response: "
          + mode(responseBody) + "}}]");
    }

    private static String mode(String body) {
      return body.equals("None") ? "{}" : "{body: " + body + "}";
    }

    @Override
    public List<String> objects(Attachment attachment) {
      return List.of("""
          apiVersion: gateway.envoyproxy.io/v1alpha1
          kind: Backend
          metadata: {name: %s-processor, namespace: %s}
          spec: {appProtocols: [gateway.envoyproxy.io/h2c], endpoints: [{ip: {address: %s, port: %d}}]}
          """.formatted(
              attachment.route(),
              attachment.namespace(),
              attachment.addresses().processor().host(),
              attachment.addresses().processor().port()));
    }
  }

  /** A Lua script that adds a header to requests and responses, and may read the request's body. */
  record Script(boolean readsBody) implements Feature {
    @Override
    public List<String> extension(Attachment attachment) {
      String read = readsBody
          ? "local n = 0; for chunk in handle:bodyChunks() do n = n + chunk:length() end; "
          : "";
      return List.of(
          "lua: [{type: Inline, inline: \"function envoy_on_request(handle) "
              + "handle:headers():add('x-script', 'request') " + read + "end; "
              + "function envoy_on_response(handle) handle:headers():add('x-script', 'response') end\"}]");
    }
  }
}

package io.github.shortlived;

import com.google.api.client.http.javanet.NetHttpTransport;
import java.net.HttpURLConnection;
import java.util.List;

/** Creates HTTP transports that record the requested paths. */
final class RecordingHttp {
  private RecordingHttp() {}

  /** Creates a transport that adds the paths to this thread-safe list. */
  static NetHttpTransport into(List<String> paths) {
    return new NetHttpTransport.Builder()
        .setConnectionFactory(
            url -> {
              paths.add(url.getPath());
              return (HttpURLConnection) url.openConnection();
            })
        .build();
  }
}

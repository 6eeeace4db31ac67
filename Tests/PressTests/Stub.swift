import Testing
import Press
@Test func stub() {}
